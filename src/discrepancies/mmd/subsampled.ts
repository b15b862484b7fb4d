import { type RandomKey, Tensor } from "../../engine/index.ts";
import { type Kernel, kernelDiagonal, kernelSums, type WeightedPoints } from "../../hypotheses/kernels/index.ts";
import { meanOf, type SquaredMmd } from "./squared.ts";

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
  if (whole) return total;
  const n = set.weights.length;
  const own = (await kernelDiagonal(kernel, set.points)).reduce((s, k) => s + k, 0) / n;
  return (n * total - own) / (n - 1);
}

/** Independent draws from a measure, of equal weight. */
function drawn({ points, weights }: WeightedPoints, count: number, key: RandomKey): WeightedPoints {
  const cumulative = new Float64Array(weights.length);
  let sum = 0;
  weights.forEach((w, i) => {
    sum += w;
    cumulative[i] = sum;
  });
  const length = points.data.length / weights.length;
  const data = new Float32Array(count * length);
  const bits = key.bits(2 * count);
  for (let k = 0; k < count; k++) {
    const unit = ((bits[2 * k]! >>> 5) * 67108864 + (bits[2 * k + 1]! >>> 6)) / 9007199254740992;
    const i = firstAbove(cumulative, unit * sum);
    data.set(points.rows(i, i + 1).data as Float32Array, k * length);
  }
  return {
    points: new Tensor(data, [count, ...points.shape.slice(1)], "float32"),
    weights: new Float64Array(count).fill(1 / count),
  };
}

/** The first place whose value exceeds `bound`. */
function firstAbove(sorted: Float64Array, bound: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}
