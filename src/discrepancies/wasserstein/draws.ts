import type { RandomKey } from "../../engine/index.ts";
import type { Estimate } from "../discrepancy.ts";
import { choose, type WeightedPoints } from "./ground/weightedPoints.ts";

/**
 * A distance of two large measures from draws of their points without replacement: mean and standard error over draws.
 * Fewer points are farther apart, so transport distances come out too large; how far apart two draws of the same set are
 * is said beside the value. Sets as large as each other are drawn at the same positions: from a set to itself it is zero.
 *
 * @param sizes points of either side; a side that has no more takes part whole.
 */
export async function overDraws(
  x: WeightedPoints,
  y: WeightedPoints,
  sizes: readonly [number, number],
  draws: number,
  key: RandomKey,
  measure: (x: WeightedPoints, y: WeightedPoints) => Promise<number>,
): Promise<Estimate> {
  const [n, m] = [Math.min(sizes[0], x.count), Math.min(sizes[1], y.count)];
  if (n === x.count && m === y.count) return { value: await measure(x, y), stderr: 0, estimator: "exact" };
  const values: number[] = [];
  for (let k = 0; k < draws; k++) values.push(await measure(drawn(x, n, key.fold(k)), drawn(y, m, key.fold(k))));
  const mean = values.reduce((s, v) => s + v, 0) / draws;
  const variance = draws > 1 ? values.reduce((s, v) => s + (v - mean) ** 2, 0) / (draws - 1) : Number.NaN;
  const of = [share(n, x), share(m, y)].filter((part) => part !== "");
  const estimator = `${draws} draws of ${[...new Set(of)].join(" and ")} points, too large by what few points are apart`;
  const floor = await apart(n < x.count ? x : y, n < x.count ? n : m, key.fold("floor"), measure);
  const seen = floor === undefined ? "" : ` (two draws of one set: ${floor.toPrecision(3)})`;
  return { value: mean, stderr: Math.sqrt(variance / draws), estimator: estimator + seen };
}

const share = (n: number, { count }: WeightedPoints) =>
  n < count ? `${n.toLocaleString("en")} of ${count.toLocaleString("en")}` : "";

function drawn(x: WeightedPoints, n: number, key: RandomKey): WeightedPoints {
  return n < x.count ? choose(x, key.permutation(x.count, n)) : x;
}

/** The distance between two disjoint draws of one set; none where it has too few points. */
async function apart(
  x: WeightedPoints,
  n: number,
  key: RandomKey,
  measure: (x: WeightedPoints, y: WeightedPoints) => Promise<number>,
): Promise<number | undefined> {
  if (2 * n > x.count) return undefined;
  const order = key.permutation(x.count, 2 * n);
  return measure(choose(x, order.subarray(0, n)), choose(x, order.subarray(n)));
}

/** Sizes that keep n m below points²: a small side whole and as many of the other as fit, else `points` of either. */
export function pairLimit(x: WeightedPoints, y: WeightedPoints, points: number): [number, number] {
  if (x.count * y.count <= points * points) return [x.count, y.count];
  if (y.count < points) return [Math.floor((points * points) / y.count), y.count];
  if (x.count < points) return [x.count, Math.floor((points * points) / x.count)];
  return [points, points];
}
