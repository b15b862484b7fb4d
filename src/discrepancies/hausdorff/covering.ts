import { AttarError } from "../../engine/index.ts";
import { type GroundMetric, groundMetric } from "../wasserstein/ground/metric.ts";
import { comparable, type PointMeasure, type WeightedPoints } from "../wasserstein/ground/weightedPoints.ts";
import { type Cover, minimumCover } from "./setCover.ts";

export interface CoveringOptions {
  /** Ground metric: "euclidean" (default), "manhattan", "chebyshev", or a function. */
  readonly metric?: string | GroundMetric;
  /** What a mixed-integer solution may take, in seconds; what is open then stays open as a gap. 30. */
  readonly seconds?: number;
  /**
   * Nodes of branch and bound that each set cover may take instead, the number of set covers being limited by the first that
   * stays open: what is found is then the same on every machine, fast or slow.
   */
  readonly nodes?: number;
  readonly signal?: AbortSignal;
}

/** k balls of one radius that cover a set. */
export interface Covering {
  /** The largest distance of a point to its nearest centre. */
  readonly radius: number;
  /** Rows of b, the centres, ascending. */
  readonly centres: readonly number[];
  /** No k centres of b cover a with a smaller radius than this; equal to `radius` where the covering is optimal. */
  readonly atLeast: number;
}

/** Points that join the programme at a time. */
const batch = 8;

/**
 * The minimum finite covering of a by k points of b (Chen and Selvan 2025; §5.1.4): the k centres whose largest distance
 * to a point of a is least. A greedy covering starts it. The programme holds only those points of a that have mattered
 * so far: on them the least radius is found by bisection over the distances, each step a set cover by HiGHS, and bounds
 * the whole from below; the points of a that its centres leave farthest off join, until none is farther.
 *
 * @throws AttarError (exit code 2) for measures that cannot be compared, k outside 1 … |b|, or an unknown metric.
 */
export async function minimumCovering(
  a: PointMeasure,
  b: PointMeasure,
  k: number,
  { metric, seconds = 30, nodes, signal }: CoveringOptions = {},
): Promise<Covering> {
  const ground = groundMetric(metric);
  const [x, y] = comparable(a, b);
  if (!Number.isSafeInteger(k) || k < 1 || k > y.count)
    throw new AttarError(
      "bad-option",
      `${y.name} offers 1 to ${y.count} centres, asked for ${k}`,
      `use ${y.count} or less`,
    );
  const limit = limitOf(seconds, nodes);
  const rows = new Rows(x, y, ground);
  let best = greedyCentres(x, y, rows, k, ground);
  let atLeast = rows.leastRadius();
  while (atLeast < best.radius) {
    // A covering takes minutes: whoever wants to interrupt it must be heard.
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    const solved = await leastRadius(rows, k, atLeast, best.radius, limit);
    atLeast = solved.atLeast;
    if (!solved.centres) break;
    const found = reach(x, y, solved.centres, ground);
    if (found.radius < best.radius) best = { radius: found.radius, centres: solved.centres };
    if (solved.open || found.radius <= atLeast) break;
    rows.addFarthest(found.distances, atLeast);
  }
  return {
    radius: best.radius,
    centres: [...best.centres].sort((i, j) => i - j),
    atLeast: Math.min(atLeast, best.radius),
  };
}

/**
 * The least number of balls of a radius, with centres among the points of b, that cover a.
 *
 * @returns the centres, and a number of which there are at least; equal to theirs where the covering is optimal.
 * @throws AttarError (exit code 2) as {@link minimumCovering}, and where a point of a has no point of b within the radius.
 */
export async function fewestCentres(
  a: PointMeasure,
  b: PointMeasure,
  radius: number,
  { metric, seconds = 30, nodes, signal }: CoveringOptions = {},
): Promise<{ centres: readonly number[]; atLeast: number }> {
  const ground = groundMetric(metric);
  const [x, y] = comparable(a, b);
  if (!(radius >= 0))
    throw new AttarError("bad-option", `a radius is at least 0, got ${radius}`, "give a positive one");
  const limit = limitOf(seconds, nodes);
  const rows = new Rows(x, y, ground);
  rows.add(0);
  for (;;) {
    signal?.throwIfAborted();
    const left = limit();
    const { chosen, atLeast } = await minimumCover(rows.within(radius), y.count, left ?? { seconds: 0.1 });
    if (!chosen)
      throw new AttarError(
        "bad-option",
        `some point of ${x.name} has no point of ${y.name} within ${radius}`,
        "use a radius of at least the directed Hausdorff distance",
      );
    const found = reach(x, y, chosen, ground);
    const centres = left || found.radius <= radius ? chosen : completed(x, y, chosen, radius, ground);
    if (!left || found.radius <= radius) return { centres: [...centres].sort((i, j) => i - j), atLeast };
    rows.addFarthest(found.distances, radius);
  }
}

type Limit = { readonly seconds: number } | { readonly nodes: number };

/** What the next set cover may take; undefined once the time is over. */
function limitOf(seconds: number, nodes: number | undefined): () => Limit | undefined {
  if (nodes !== undefined) return () => ({ nodes });
  const deadline = performance.now() + 1000 * seconds;
  return () => {
    const left = (deadline - performance.now()) / 1000;
    return left > 0 ? { seconds: left } : undefined;
  };
}

/** The points of a that are in the programme, and their distances to all of b. */
class Rows {
  private readonly rows = new Map<number, Float64Array>();

  constructor(
    private readonly x: WeightedPoints,
    private readonly y: WeightedPoints,
    private readonly metric: GroundMetric,
  ) {}

  /** Takes row i of a in; returns its nearest row of b. */
  add(i: number): number {
    const { x, y, metric } = this;
    const distances = Float64Array.from({ length: y.count }, (_, j) => metric(x.data, i, y.data, j, x.dimension));
    this.rows.set(i, distances);
    return distances.indexOf(distances.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY));
  }

  /** Takes in the points farthest off, each far from those that join with it. `distances` is spent. */
  addFarthest(distances: Float64Array, beyond: number): void {
    const { x, metric } = this;
    for (let taken = 0; taken < batch; taken++) {
      const i = indexOfLargest(distances);
      if (distances[i]! <= beyond) return;
      this.add(i);
      for (let e = 0; e < x.count; e++)
        if (distances[e]! > beyond)
          distances[e] = Math.min(distances[e]!, metric(x.data, e, x.data, i, x.dimension, distances[e]!));
    }
  }

  get columns(): number {
    return this.y.count;
  }

  within(radius: number): number[][] {
    return Array.from(this.rows.values(), (distances) => {
      const near: number[] = [];
      for (let j = 0; j < distances.length; j++) if (distances[j]! <= radius) near.push(j);
      return near;
    });
  }

  /** No covering of these points has a smaller radius, whatever its centres. */
  leastRadius(): number {
    let most = 0;
    for (const distances of this.rows.values())
      most = Math.max(
        most,
        distances.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
      );
    return most;
  }

  /** Distances that a radius in [low, high) may take, ascending. */
  levels(low: number, high: number): Float64Array {
    const all = new Set<number>();
    for (const distances of this.rows.values()) for (const d of distances) if (d >= low && d < high) all.add(d);
    return Float64Array.from(all).sort();
  }
}

/** The least radius at which k centres cover the rows; no centres where none below `high` does. */
async function leastRadius(
  rows: Rows,
  k: number,
  low: number,
  high: number,
  limit: () => Limit | undefined,
): Promise<{ atLeast: number; centres?: readonly number[]; open: boolean }> {
  const levels = rows.levels(low, high);
  let from = 0;
  let to = levels.length;
  let proven = 0;
  let centres: readonly number[] | undefined;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const left = limit();
    const cover: Cover = left
      ? await minimumCover(rows.within(levels[middle]!), rows.columns, left, k)
      : { atLeast: 1 };
    if (cover.chosen) {
      centres = cover.chosen;
      to = middle;
    } else {
      from = middle + 1;
      if (cover.atLeast > k) proven = from;
    }
  }
  const atLeast = proven > 0 ? (levels[proven] ?? high) : low;
  return { atLeast, ...(centres && { centres }), open: proven < from };
}

/** How far each point of a is from its nearest centre. */
function reach(
  x: WeightedPoints,
  y: WeightedPoints,
  centres: readonly number[],
  metric: GroundMetric,
): { distances: Float64Array; radius: number } {
  const distances = new Float64Array(x.count).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < x.count; i++)
    for (const j of centres)
      distances[i] = Math.min(distances[i]!, metric(x.data, i, y.data, j, x.dimension, distances[i]!));
  return { distances, radius: distances[indexOfLargest(distances)]! };
}

/** Each next centre is the point of b nearest to the point of a that is farthest off (Gonzalez 1985). */
function greedyCentres(x: WeightedPoints, y: WeightedPoints, rows: Rows, k: number, metric: GroundMetric) {
  const centres = new Set<number>();
  const distances = new Float64Array(x.count).fill(Number.POSITIVE_INFINITY);
  for (let c = 0; c < k; c++) {
    const centre = rows.add(indexOfLargest(distances));
    centres.add(centre);
    for (let i = 0; i < x.count; i++)
      distances[i] = Math.min(distances[i]!, metric(x.data, i, y.data, centre, x.dimension, distances[i]!));
  }
  rows.add(indexOfLargest(distances));
  return { radius: distances[indexOfLargest(distances)]!, centres: [...centres] as readonly number[] };
}

/** The centres and, for every point they leave out, the one nearest to it. */
function completed(
  x: WeightedPoints,
  y: WeightedPoints,
  centres: readonly number[],
  radius: number,
  metric: GroundMetric,
): number[] {
  const all = [...centres];
  const rows = new Rows(x, y, metric);
  const { distances } = reach(x, y, centres, metric);
  for (let i = 0; i < x.count; i++) {
    if (distances[i]! <= radius || all.some((j) => metric(x.data, i, y.data, j, x.dimension, radius) <= radius))
      continue;
    all.push(rows.add(i));
  }
  return all;
}

function indexOfLargest(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
