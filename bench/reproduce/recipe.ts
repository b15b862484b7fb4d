import { recipeFor } from "../../src/condense/recipe.ts";
import { knownDataset } from "../../src/data/knownDatasets.ts";
import { AttarError } from "../../src/engine/index.ts";
import { methodNamed } from "../../src/methods/index.ts";
import type { Hyperparameters } from "../../src/recipes/row.ts";

/** The hyperparameters of a listed method at a known dataset and images per class. @throws AttarError where it has none there */
export function hyperparameters(
  method: string,
  preset: "laptop" | "paper",
  dataset: string,
  ipc: number,
): Hyperparameters {
  const { domain, classes } = knownDataset(dataset)!;
  return recipeFor(methodNamed(method), preset, { known: dataset, domain, classes }, ipc).set;
}

/** Those of the method's authors; undefined where they have none there. */
export function authorsHyperparameters(method: string, dataset: string, ipc: number): Hyperparameters | undefined {
  try {
    return hyperparameters(method, "paper", dataset, ipc);
  } catch (error) {
    if (error instanceof AttarError && error.code === "no-recipe") return undefined;
    throw error;
  }
}
