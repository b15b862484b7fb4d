import { Tensor } from "../../engine/index.ts";
import { euclidean } from "../wasserstein/ground/metric.ts";
import { minimumCovering } from "./covering.ts";

/** Nodes of branch and bound for each set cover: minutes for ten classes of six thousand images. */
const nodes = 10;

/**
 * The points that are the centres of the minimum finite covering of all n points of dimension d (Chen and Selvan 2025;
 * §5.1.4): proven where the search ends within its limit, as it does for one centre, else the best that was found. Where
 * fewer suffice, the points farthest from those chosen join.
 *
 * @returns `count` positions, each once.
 */
export async function coveringCentres(points: Float32Array, d: number, count: number): Promise<number[]> {
  const n = points.length / d;
  const all = { points: new Tensor(points, [n, d], "float32") };
  const { centres } = await minimumCovering(all, all, count, { nodes });
  const chosen = new Set(centres);
  const nearest = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  for (let last = [...centres]; chosen.size < count; ) {
    let farthest = -1;
    for (let i = 0; i < n; i++) {
      for (const j of last) nearest[i] = Math.min(nearest[i]!, euclidean(points, i, points, j, d, nearest[i]!));
      if (!chosen.has(i) && (farthest < 0 || nearest[i]! > nearest[farthest]!)) farthest = i;
    }
    chosen.add(farthest);
    last = [farthest];
  }
  return [...chosen];
}
