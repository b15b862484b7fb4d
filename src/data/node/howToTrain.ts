import type { CondensedSet } from "../dataset.ts";

/** The key of a Parquet file's metadata under which a JSON object says how to train on the set. */
export const howToTrain = "attar";

/**
 * How networks are trained on a set, as JSON for readers in other languages: network, optimizer, schedule, epochs and so on
 * (`recipeOf` of `evaluate/recipe.ts` makes it).
 */
export type TrainingRecipe = Readonly<Record<string, unknown>>;

/** What that object holds: method, normalisation, augmentation, loss, a learned learning rate and the recipe, where it is given. */
export function trainingFacts(set: CondensedSet, recipe?: TrainingRecipe): object {
  const { method, ipc, dataset, normalisation, augmentation, loss, target, learningRate } = set;
  const { mean, std, scale, range } = normalisation;
  return {
    method,
    ipc,
    dataset,
    mean,
    std,
    scale,
    ...(range && { low: range.low, high: range.high }),
    augmentation: augmentation || "none",
    loss: loss ?? (target ? "squared-error" : "cross-entropy"),
    ...(learningRate !== undefined && { learning_rate: learningRate }),
    ...(recipe && { recipe }),
  };
}
