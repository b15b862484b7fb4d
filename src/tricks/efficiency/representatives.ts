import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { compile, type RandomKey, type Tensor, tensor } from "../../engine/index.ts";

/** ‖c‖² − 2 ⟨x, c⟩ for points x [n, d] and centres c [k, d]: [n, k]; squared distances but for ‖x‖². */
function scores(points: Traced, centres: Traced): Traced {
  const lengths = np.sum(np.square(centres.ref), 1);
  return lengths.sub(np.matmul(points, centres.transpose()).mul(2));
}

/** The compiled {@link scores}, which the caller disposes. */
export const compiledScores = () => compile(scores, { name: "scores of k-means" });

/**
 * Real points that stand for all: k-means by Lloyd's algorithm started at random points, and of every cluster's centre the
 * `each` nearest points, every point at most once.
 *
 * @param points [n, d]. @param count points to choose, at most n.
 * @returns their rows.
 */
export async function representatives(
  points: Tensor,
  count: number,
  key: RandomKey,
  { rounds, each = 1, scores }: { rounds: number; each?: number; scores: ReturnType<typeof compiledScores> },
): Promise<number[]> {
  const [n, d] = points.shape as [number, number];
  if (count >= n) return Array.from({ length: n }, (_, i) => i);
  const k = Math.ceil(count / each);
  const x = points.data as Float32Array;
  const centres = new Float32Array(k * d);
  key
    .fold("start")
    .permutation(n, k)
    .forEach((i, c) => {
      centres.set(x.subarray(i * d, (i + 1) * d), c * d);
    });
  const own = new Int32Array(n).fill(-1);
  for (let round = 0; round < rounds; round++) {
    const gaps = (await scores(points, tensor(centres, [k, d]))).data;
    let moved = false;
    for (let i = 0; i < n; i++) {
      let best = 0;
      for (let c = 1; c < k; c++) if (gaps[i * k + c]! < gaps[i * k + best]!) best = c;
      moved ||= best !== own[i];
      own[i] = best;
    }
    if (!moved) break;
    recentre(x, own, centres, d);
  }
  return nearest(x, d, (await scores(points, tensor(centres, [k, d]))).data, k, each).slice(0, count);
}

/** Every centre becomes the mean of its points; one without points stays. */
function recentre(x: Float32Array, own: Int32Array, centres: Float32Array, d: number): void {
  const k = centres.length / d;
  const sums = new Float64Array(k * d);
  const sizes = new Int32Array(k);
  own.forEach((c, i) => {
    sizes[c] = sizes[c]! + 1;
    for (let j = 0; j < d; j++) sums[c * d + j] = sums[c * d + j]! + x[i * d + j]!;
  });
  sizes.forEach((size, c) => {
    if (size > 0) for (let j = 0; j < d; j++) centres[c * d + j] = sums[c * d + j]! / size;
  });
}

/** For centre after centre the `each` nearest rows that no earlier one took. */
function nearest(x: Float32Array, d: number, gaps: ArrayLike<number>, k: number, each: number): number[] {
  const n = x.length / d;
  const lengths = Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = i * d; j < (i + 1) * d; j++) sum += x[j]! * x[j]!;
    return sum;
  });
  const taken = new Set<number>();
  for (let c = 0; c < k; c++)
    for (let turn = 0; turn < each && taken.size < n; turn++) {
      let best = -1;
      let least = Number.POSITIVE_INFINITY;
      for (let i = 0; i < n; i++) {
        const gap = lengths[i]! + gaps[i * k + c]!;
        if (gap < least && !taken.has(i)) [least, best] = [gap, i];
      }
      taken.add(best);
    }
  return [...taken];
}
