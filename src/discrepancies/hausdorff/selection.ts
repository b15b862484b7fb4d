import { Pace, Tensor } from "../../engine/index.ts";
import { euclidean } from "../wasserstein/ground/metric.ts";
import { type Covering, minimumCovering } from "./covering.ts";

/** The limits of what HiGHS is asked for: seconds for a class of six thousand images, whose least radius stays open. */
const limit = { covers: 4, entries: 25_000 };

/** A covering, as {@link minimumCovering} finds it, beside the centres that are chosen under its radius. */
export type FoundCovering = Pick<Covering, "radius" | "atLeast">;

/** Rounds in which every centre is given the chance to move. */
const rounds = 20;

export interface CoveringCentresOptions {
  /**
   * The share by which the radius may exceed the least, for centres whose mean is nearer to that of the points. 0 by default:
   * the least radius itself. Anything above it is no minimum covering any more.
   */
  readonly slack?: number;
  /** Is told how small a radius was found, and how small the least one may be at most. */
  readonly onFound?: (covering: FoundCovering) => void;
  readonly signal?: AbortSignal;
}

/**
 * The points that are the centres of the minimum finite covering of all n points of dimension d (Chen and Selvan 2025;
 * §5.1.4): proven where the search ends within its limits, as it does for one centre, else the best that was found; `onFound` is told
 * what stays open. Where fewer suffice, the points farthest from those chosen join. Several centres mostly leave a choice among
 * coverings of that radius: one whose centres have nearly the mean of all points is taken.
 *
 * @returns `count` positions, each once.
 */
export async function coveringCentres(
  points: Float32Array,
  d: number,
  count: number,
  { slack = 0, onFound, signal }: CoveringCentresOptions = {},
): Promise<number[]> {
  const n = points.length / d;
  const all = { points: new Tensor(points, [n, d], "float32") };
  const found = await minimumCovering(all, all, count, { ...limit, signal });
  onFound?.({ radius: found.radius, atLeast: found.atLeast });
  const chosen = [...found.centres];
  const cloud = new Cloud(points, d, new Pace(signal));
  while (chosen.length < count) {
    const distances = await cloud.nearest(chosen);
    let farthest = -1;
    for (let i = 0; i < n; i++)
      if (!chosen.includes(i) && (farthest < 0 || distances[i]! > distances[farthest]!)) farthest = i;
    chosen.push(farthest);
  }
  for (let round = 0; round < rounds; round++) {
    signal?.throwIfAborted();
    const before = chosen.join();
    for (let c = 0; c < count; c++) chosen[c] = await cloud.balancing(chosen, c, (1 + slack) * found.radius);
    if (chosen.join() === before) break;
  }
  return chosen;
}

/** Points and the distances between them, computed when they are asked for. */
class Cloud {
  private readonly n: number;
  private mean?: Float32Array;

  constructor(
    private readonly points: Float32Array,
    private readonly d: number,
    private readonly pace: Pace,
  ) {
    this.n = points.length / d;
  }

  private distance(i: number, j: number, bound?: number): number {
    return euclidean(this.points, i, this.points, j, this.d, bound);
  }

  /** Distance of every point to the nearest of some. */
  async nearest(of: readonly number[]): Promise<Float64Array> {
    const least = new Float64Array(this.n).fill(Number.POSITIVE_INFINITY);
    for (let i = 0; i < this.n; i++) {
      for (const j of of) least[i] = Math.min(least[i]!, this.distance(i, j, least[i]));
      if (this.pace.spent(of.length * this.d)) await this.pace.pause();
    }
    return least;
  }

  /**
   * The best place of centre c: of the points that keep every point within the radius, the one that brings the mean of the
   * centres nearest to the mean of all points.
   */
  async balancing(centres: readonly number[], c: number, radius: number): Promise<number> {
    const old = centres[c]!;
    const rest = centres.filter((_, i) => i !== c);
    const others = await this.nearest(rest);
    const far = new Map<number, number>();
    for (let i = 0; i < this.n; i++) if (others[i]! > radius) far.set(i, this.distance(i, old));
    // The points farthest from the old centre first: they are what rules a candidate out.
    const bound = [...far.keys()].sort((i, j) => far.get(j)! - far.get(i)!);
    this.mean ??= this.meanOfAll();
    const wanted = this.mean.map((m, k) =>
      rest.reduce((left, j) => left - this.points[j * this.d + k]!, m * centres.length),
    );
    const gaps = Float64Array.from({ length: this.n }, (_, i) => euclidean(this.points, i, wanted, 0, this.d));
    const candidates = Array.from(gaps, (_, i) => i).filter((i) => !rest.includes(i));
    candidates.sort((i, j) => gaps[i]! - gaps[j]!);
    for (const i of candidates) {
      if (i === old) return old;
      let seen = 0;
      while (seen < bound.length && this.distance(i, bound[seen]!, radius) <= radius) seen++;
      if (seen === bound.length) return i;
      if (this.pace.spent((seen + 1) * this.d)) await this.pace.pause();
    }
    return old;
  }

  private meanOfAll(): Float32Array {
    const sums = new Float64Array(this.d);
    for (let i = 0; i < this.n; i++)
      for (let k = 0; k < this.d; k++) sums[k] = sums[k]! + this.points[i * this.d + k]! / this.n;
    return Float32Array.from(sums);
  }
}
