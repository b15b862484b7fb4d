import { AttarError, Pace } from "../../engine/index.ts";
import { type GroundMetric, groundMetric } from "../wasserstein/ground/metric.ts";
import { comparable, type PointMeasure, type WeightedPoints } from "../wasserstein/ground/weightedPoints.ts";
import { type Cover, type CoverLimit, type CoverRows, minimumCover } from "./setCover.ts";

export interface CoveringOptions {
  /** Ground metric: "euclidean" (default), "manhattan", "chebyshev", or a function. */
  readonly metric?: string | GroundMetric;
  /** Set covers that HiGHS may be asked for in all; what is open then stays open as a gap. 100; 0 leaves it to greedy covers. */
  readonly covers?: number;
  /** Nodes of branch and bound that each set cover may take. With `covers` a limit that is the same on every machine. 10. */
  readonly nodes?: number;
  /** Entries of a set cover, a point near another each, up to which HiGHS is asked. 100,000, which take it a second. */
  readonly entries?: number;
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

/** The limits of a covering's search, unless more is asked for. */
const usual = { covers: 100, nodes: 10, entries: 100_000 };

/** The share of the radius below which a gap that no proof bounds is not searched any further. */
const finest = 1e-3;

/** Points that join the programme at a time. */
const batch = 8;

/**
 * The minimum finite covering of a by k points of b (Chen and Selvan 2025; §5.1.4): the k centres whose largest distance
 * to a point of a is least. A greedy covering starts it. The programme holds only those points of a that have mattered
 * so far. Of a radius half way between what is excluded and the best covering it asks for a set cover of them by k balls: where there
 * is one, the points of a that it leaves farthest off join, until none is farther and the covering is the better one; where there is
 * none, no covering of all of a has that radius either. Where neither is found out within the limits, the search goes on above
 * that radius, and the bound stays below it.
 *
 * @throws AttarError (exit code 2) for measures that cannot be compared, k outside 1 … |b|, or an unknown metric. Rejects with the
 * reason of an aborted signal.
 */
export async function minimumCovering(
  a: PointMeasure,
  b: PointMeasure,
  k: number,
  { metric, signal, ...limit }: CoveringOptions = {},
): Promise<Covering> {
  const ground = groundMetric(metric);
  const [x, y] = comparable(a, b);
  if (!Number.isSafeInteger(k) || k < 1 || k > y.count)
    throw new AttarError(
      "bad-option",
      `${y.name} offers 1 to ${y.count} centres, asked for ${k}`,
      `use ${y.count} or less`,
    );
  const pace = new Pace(signal);
  const covers = new Covers({ ...usual, ...limit }, signal);
  const rows = new Rows(x, y, ground);
  let best = await greedyCentres(x, y, rows, k, ground, pace);
  let atLeast = rows.leastRadius();
  for (let from = atLeast; from < (from > atLeast ? 1 - finest : 1) * best.radius; ) {
    await pace.pause();
    const radius = rows.between(from, best.radius);
    if (radius === undefined) {
      if (atLeast === from) atLeast = best.radius;
      break;
    }
    const { chosen, atLeast: number } = await covers.least(rows.within(radius), rows.columns, k);
    if (chosen) {
      const found = await reach(x, y, chosen, ground, pace);
      if (found.radius < best.radius) best = { radius: found.radius, centres: chosen };
      await rows.addFarthest(found.distances, radius, pace);
    } else {
      from = rows.above(radius, best.radius);
      if (number > k) atLeast = from;
    }
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
  { metric, signal, ...limit }: CoveringOptions = {},
): Promise<{ centres: readonly number[]; atLeast: number }> {
  const ground = groundMetric(metric);
  const [x, y] = comparable(a, b);
  if (!(radius >= 0))
    throw new AttarError("bad-option", `a radius is at least 0, got ${radius}`, "give a positive one");
  const pace = new Pace(signal);
  const covers = new Covers({ ...usual, entries: Number.POSITIVE_INFINITY, ...limit }, signal);
  const rows = new Rows(x, y, ground);
  rows.add(0);
  for (;;) {
    await pace.pause();
    const { chosen, atLeast } = await covers.least(rows.within(radius), y.count);
    if (!chosen)
      throw new AttarError(
        "bad-option",
        `some point of ${x.name} has no point of ${y.name} within ${radius}`,
        "use a radius of at least the directed Hausdorff distance",
      );
    const found = await reach(x, y, chosen, ground, pace);
    if (found.radius <= radius) return { centres: [...chosen].sort((i, j) => i - j), atLeast };
    await rows.addFarthest(found.distances, radius, pace);
  }
}

/** The set covers of one search, which ends after so many. */
class Covers {
  private asked = 0;

  constructor(
    private readonly limit: CoverLimit & { readonly covers: number },
    private readonly signal?: AbortSignal,
  ) {}

  /** The least cover, or with `most` whether so many columns suffice; what the greedy cover tells once the limit is reached. */
  async least(rows: CoverRows, columns: number, most?: number): Promise<Cover> {
    const { covers, ...limit } = this.limit;
    const { nodes } = this.asked < covers ? limit : { nodes: 0 };
    const cover = await minimumCover(rows, columns, { ...limit, nodes }, { most, signal: this.signal });
    if (cover.asked) this.asked++;
    return cover;
  }
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
  async addFarthest(distances: Float64Array, beyond: number, pace: Pace): Promise<void> {
    const { x, metric } = this;
    for (let taken = 0; taken < batch; taken++) {
      const i = indexOfLargest(distances);
      if (distances[i]! <= beyond) return;
      this.add(i);
      for (let e = 0; e < x.count; e++)
        if (distances[e]! > beyond)
          distances[e] = Math.min(distances[e]!, metric(x.data, e, x.data, i, x.dimension, distances[e]!));
      if (pace.spent(x.count * x.dimension)) await pace.pause();
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

  /** The distance in [low, high) that is nearest to their middle from below, or where there is none, from above. */
  between(low: number, high: number): number | undefined {
    const middle = (low + high) / 2;
    let [below, above] = [Number.NEGATIVE_INFINITY, high];
    for (const distances of this.rows.values())
      for (const d of distances)
        if (d >= low && d <= middle) below = Math.max(below, d);
        else if (d > middle && d < above) above = d;
    if (below >= low) return below;
    return above < high ? above : undefined;
  }

  /** The least distance beyond a radius; `high` where none below it is. */
  above(radius: number, high: number): number {
    let least = high;
    for (const distances of this.rows.values()) for (const d of distances) if (d > radius && d < least) least = d;
    return least;
  }
}

/** The distance of each point of a from its nearest centre. */
async function reach(
  x: WeightedPoints,
  y: WeightedPoints,
  centres: readonly number[],
  metric: GroundMetric,
  pace: Pace,
): Promise<{ distances: Float64Array; radius: number }> {
  const distances = new Float64Array(x.count).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < x.count; i++) {
    for (const j of centres)
      distances[i] = Math.min(distances[i]!, metric(x.data, i, y.data, j, x.dimension, distances[i]!));
    if (pace.spent(centres.length * x.dimension)) await pace.pause();
  }
  return { distances, radius: distances[indexOfLargest(distances)]! };
}

/** Each next centre is the point of b nearest to the point of a that is farthest off (Gonzalez 1985). */
async function greedyCentres(
  x: WeightedPoints,
  y: WeightedPoints,
  rows: Rows,
  k: number,
  metric: GroundMetric,
  pace: Pace,
) {
  const centres = new Set<number>();
  const distances = new Float64Array(x.count).fill(Number.POSITIVE_INFINITY);
  for (let c = 0; c < k; c++) {
    const centre = rows.add(indexOfLargest(distances));
    centres.add(centre);
    for (let i = 0; i < x.count; i++)
      distances[i] = Math.min(distances[i]!, metric(x.data, i, y.data, centre, x.dimension, distances[i]!));
    if (pace.spent((x.count + y.count) * x.dimension)) await pace.pause();
  }
  rows.add(indexOfLargest(distances));
  return { radius: distances[indexOfLargest(distances)]!, centres: [...centres] as readonly number[] };
}

function indexOfLargest(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
