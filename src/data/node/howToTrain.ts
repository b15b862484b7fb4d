import type { CondensedSet } from "../dataset.ts";

/** The key of a Parquet file's metadata under which a JSON object says how to train on the set. */
export const howToTrain = "attar";

/** What that object holds: method, normalisation, augmentation, loss and a learned learning rate. */
export function trainingFacts(set: CondensedSet): object {
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
  };
}
