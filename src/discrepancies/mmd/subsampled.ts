import type { RandomKey } from "../../engine/index.ts";
import { type Kernel, kernelDiagonal, kernelSums, type WeightedPoints } from "../../hypotheses/kernels/index.ts";
import { drawn } from "./draw.ts";
import { mean, meanOf, type SquaredMmd, withoutOwnPairs } from "./squared.ts";

export interface SubsampleOptions {
  /** Points drawn of a set that has more. */
  readonly points: number;
  /** Independent draws, 2 or more. */
  readonly draws: number;
  readonly signal?: AbortSignal;
}

/**
 * MMD² of two measures under an expensive kernel, from several draws of a few points. A set of at most `points` points counts
 * whole; of a larger one points are drawn independently by weight, and pairs of a draw with itself are left out, which makes
 * every draw an unbiased estimate of the distance of the two whole measures. The variance is between draws, 0 where both sets
 * count whole.
 */
export async function subsampledMmd(
  kernel: Kernel,
  a: WeightedPoints,
  b: WeightedPoints,
  key: RandomKey,
  { points, draws, signal }: SubsampleOptions,
): Promise<SquaredMmd> {
  const whole = (set: WeightedPoints) => set.weights.length <= points;
  const one = async (draw: number): Promise<number> => {
    const [x, y] = [a, b].map((set) => (whole(set) ? set : drawn(set, points, key.fold(draw)))) as [
      WeightedPoints,
      WeightedPoints,
    ];
    const xy = await kernelSums(kernel, x, y, { signal });
    return (await within(kernel, x, whole(a))) + (await within(kernel, y, whole(b))) - 2 * xy.total;
  };
  if (whole(a) && whole(b)) return { value: await one(0), variance: 0 };
  const values: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    signal?.throwIfAborted();
    values.push(await one(draw));
  }
  return meanOf(values);
}

async function within(kernel: Kernel, set: WeightedPoints, whole: boolean): Promise<number> {
  const { total } = await kernelSums(kernel, set);
  return whole ? total : withoutOwnPairs(total, mean(await kernelDiagonal(kernel, set.points)), set.weights.length);
}
