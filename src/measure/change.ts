import type { EmpiricalMeasure } from "../discrepancies/discrepancy.ts";
import { type RandomKey, Tensor } from "../engine/index.ts";

/** The measure with independent normal noise of the given deviation added to every value. */
export function withNoise(measure: EmpiricalMeasure, deviation: number, key: RandomKey): EmpiricalMeasure {
  const { points } = measure;
  const noise = key.normal(points.data.length);
  for (let i = 0; i < noise.length; i++) noise[i] = points.data[i]! + deviation * noise[i]!;
  return { ...measure, points: new Tensor(noise, points.shape, "float32") };
}

/** The measure with its labels in random order: the same points, the same class sizes. */
export function withPermutedLabels(measure: EmpiricalMeasure, key: RandomKey): EmpiricalMeasure {
  const { labels } = measure;
  return { ...measure, labels: Int32Array.from(key.permutation(labels.length), (i) => labels[i]!) };
}
