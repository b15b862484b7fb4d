import type { EmpiricalMeasure } from "../discrepancies/discrepancy.ts";
import { rowsOf } from "../discrepancies/measures/index.ts";
import type { RandomKey } from "../engine/index.ts";
import { withNoise } from "./change.ts";

/** Deviations of the noise on A: of a pixel in the training normalisation, or of a coordinate of a code on average. */
export const noiseLevels: readonly number[] = [0.25, 0.5, 1];

/** A pair of sets that stands beside (A, B). */
export interface ReferencePair {
  readonly name: string;
  readonly noise: number;
  readonly a: EmpiricalMeasure;
  readonly b: EmpiricalMeasure;
}

/**
 * Measures what "close" and "far" mean for A: A is divided at random into a part of B's size (at most half of A) and the
 * rest; the rest is measured against that part as it is, and under noise. The first says what sampling alone does to sets
 * of these sizes.
 *
 * @param a points as they are before an encoder
 * @param size number of B's samples
 */
export function referencePairs(a: EmpiricalMeasure, size: number, key: RandomKey): ReferencePair[] {
  const n = a.labels.length;
  const taken = Math.max(1, Math.min(size, n >> 1));
  const order = key.fold("division").permutation(n);
  const rest = { ...rowsOf(a, order.subarray(taken).sort()), name: `the rest of ${a.name}` };
  const other = { ...rowsOf(a, order.subarray(0, taken).sort()), name: `another sample of ${a.name}` };
  const unit = a.points.shape.length === 4 ? 1 : deviation(a);
  return [0, ...noiseLevels].map((noise) => ({
    name: noise === 0 ? `another sample of ${a.name}` : `another sample of ${a.name} with noise ${noise}`,
    noise,
    a: rest,
    b: noise === 0 ? other : withNoise(other, unit * noise, key.fold("noise")),
  }));
}

/** Root mean square over coordinates of their standard deviations. */
function deviation({ points }: EmpiricalMeasure): number {
  const { data, shape } = points;
  const [n = 0, d = 0] = shape;
  let variance = 0;
  for (let k = 0; k < d; k++) {
    let [sum, squares] = [0, 0];
    for (let i = 0; i < n; i++) {
      sum += data[i * d + k]!;
      squares += data[i * d + k]! ** 2;
    }
    variance += Math.max(0, squares / n - (sum / n) ** 2) / d;
  }
  return Math.sqrt(variance);
}
