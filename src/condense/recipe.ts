import type { DatasetInfo } from "../data/datasetInfo.ts";
import { AttarError } from "../engine/index.ts";
import { isCoreset, type Method } from "../methods/method.ts";
import { applyingRow, isApplying, nearestRow, type Traits, traitsOf, traitsText, whenText } from "../recipes/lookUp.ts";
import type { AuthorsRow, Hyperparameters, LaptopRow } from "../recipes/row.ts";

/** The hyperparameters that a run starts from, and where they are from. */
export interface Recipe {
  readonly set: Hyperparameters;
  /** The row in words: "laptop row 28x28x1, 10 classes, ipc 10-49". */
  readonly words: string;
}

/** The hyperparameters of a set that never moves. */
const still: Hyperparameters = { steps: 0, realBatch: 0, imageLearningRate: 0, imageMomentum: 0 };

/**
 * The row of a method's recipe for a dataset and images per class: of `laptop` the nearest, of `paper` the authors' own.
 *
 * @throws AttarError "no-recipe" where the authors have none there, or a method has none at all
 */
export function recipeFor(
  method: Method,
  preset: "laptop" | "paper",
  dataset: Pick<DatasetInfo, "known" | "domain" | "classes">,
  ipc: number,
): Recipe {
  if (isCoreset(method)) return { set: still, words: "none: nothing is learned" };
  const traits = traitsOf(dataset, ipc);
  if (preset === "paper") return authorsRecipe(method, traits);
  const row = nearestRow<AuthorsRow | LaptopRow>(method.laptop ?? method.recipe, traits);
  if (!row)
    throw new AttarError(
      "no-recipe",
      `${method.name} has no hyperparameters`,
      'give its record a row: "recipe": [{ "when": {}, "set": { "steps": 100, "realBatch": 64, "imageLearningRate": 1, "imageMomentum": 0.5 }, "source": "mine" }]',
    );
  const near = isApplying(row.when, traits) ? "" : `, the nearest to ${traitsText(traits)}`;
  return { set: row.set, words: `${method.laptop ? "laptop " : ""}row ${whenText(row.when)}${near}` };
}

function authorsRecipe({ name, recipe }: Method, traits: Traits): Recipe {
  const row = applyingRow(name, recipe, traits);
  if (row) return { set: row.set, words: `paper row ${whenText(row.when)}; ${row.source}` };
  if (recipe.length === 0)
    throw new AttarError(
      "no-recipe",
      `${name} has no hyperparameters of its authors'`,
      "--preset laptop, and --set what is to differ",
    );
  const conditions = [...new Set(recipe.map(({ when }) => whenText(when)))];
  throw new AttarError(
    "no-recipe",
    `${name} has no hyperparameters of its authors' for ${traitsText(traits)}; they have some for ${conditions.join("; ")}`,
    "--preset laptop, or one of those datasets",
  );
}

/** Real images of each class that hyperparameters ask for: their own number, or the share of a number in all. */
export const realBatchOf = ({ realBatch, realImages }: Hyperparameters, classes: number): number =>
  realImages === undefined ? realBatch : Math.max(1, Math.floor(Number(realImages) / classes));
