import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { compile, type RandomKey, type Tensor, tensor } from "../../engine/index.ts";
import { type Assignment, kmeansCentres, nearestPoints } from "../../synthetic/kmeans.ts";

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
  const scoresOf = async (centres: Float32Array) => (await scores(points, tensor(centres, [k, d]))).data;
  const assign: Assignment = async (centres, before) => {
    const gaps = await scoresOf(centres);
    return before.map((_, i) => {
      let best = 0;
      for (let c = 1; c < k; c++) if (gaps[i * k + c]! < gaps[i * k + best]!) best = c;
      return best;
    });
  };
  const gaps = await scoresOf(await kmeansCentres(x, d, k, key.fold("start"), { rounds, assign }));
  const lengths = Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = i * d; j < (i + 1) * d; j++) sum += x[j]! * x[j]!;
    return sum;
  });
  return (await nearestPoints(n, k, (i, c) => lengths[i]! + gaps[i * k + c]!, { each })).slice(0, count);
}
