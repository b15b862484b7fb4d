import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { type GroupMap, mapGroups, perRuntime, type Tensor, tensor } from "../../engine/index.ts";
import { embed } from "./embed.ts";
import { type FeatureKernel, linearKernel } from "./featureMap.ts";
import type { Kernel, TracedTree } from "./kernel.ts";

/** Points a side of one block of the kernel matrix, where 512 to 2048 cost within a tenth of one another and 1024 least. */
export const defaultSide = 1024;

/** Bytes of points that cross to the execution threads at once, a side. */
const panelBytes = 48e6;

/** The sums that are kept of a block K(X_i, Y_j), given weights u of its rows and v of its columns; first axes of length 1. */
export type BlockReduction = (block: Traced, u: Traced, v: Traced) => Readonly<Record<string, Traced>>;

/** Consecutive points that go through one block. */
export interface Tile {
  readonly start: number;
  readonly end: number;
}

type Fixed = { parameters: TracedTree; x: Traced; y: Traced; u: Traced; v: Traced };
type Job = { i: Traced; j: Traced };

/** One side of a kernel matrix. */
export interface Side {
  readonly points: Tensor;
  /** [n, w]: a row per point, what `u` and `v` of a reduction are. */
  readonly weights: Tensor;
}

export interface TileOptions {
  /** Points a side of a block. */
  readonly side?: number;
  /** Blocks (i, j) with i ≤ j only: both sides are the same points. */
  readonly symmetric?: boolean;
  readonly signal?: AbortSignal;
}

/** The rest of a feature kernel once both sets are embedded. */
const { features: _, ...embedded } = linearKernel();

/** Programs by kernel, reduction and shapes, the one used last at the end. */
const cache = perRuntime(() => new Map<string, GroupMap<Fixed, Job, ReturnType<BlockReduction>>>());

/** Programs kept: every one holds memory for its largest block on every thread. */
const keptPrograms = 12;

/**
 * Visits the kernel matrix of two sets block by block in bounded memory: blocks are shared out over all cores, reduced where
 * they are computed, and handed to `visit` with the ranges of rows and columns they stand for. Under a kernel with a finite
 * feature map every point is embedded once.
 *
 * @param reduction names itself: kernels and reductions of one name share compiled programs.
 */
export async function forEachTile(
  kernel: Kernel,
  x: Side,
  y: Side,
  reduction: { readonly name: string; readonly reduce: BlockReduction },
  visit: (result: Readonly<Record<string, Tensor>>, rows: Tile, columns: Tile) => void,
  options: TileOptions = {},
): Promise<void> {
  if (kernel.features) {
    const left = { ...x, points: await embed(kernel as FeatureKernel, x.points) };
    const right =
      y.points === x.points
        ? { ...y, points: left.points }
        : { ...y, points: await embed(kernel as FeatureKernel, y.points) };
    return forEachTile(embedded, left, right, reduction, visit, options);
  }
  const side = options.side ?? kernel.blockSide ?? defaultSide;
  const [rows, columns] = [panelsOf(x, side), panelsOf(y, side)];
  const pending: Promise<void>[] = [];
  for (const p of rows)
    for (const q of columns) {
      if (options.symmetric && q.start < p.start) continue;
      options.signal?.throwIfAborted();
      pending.push(panel(p, q));
      // One panel computes while the next one's points are on their way.
      if (pending.length > 1) await pending.shift();
    }
  await Promise.all(pending);

  async function panel(p: Panel, q: Panel): Promise<void> {
    const pairs = p.tiles.flatMap((a) =>
      q.tiles.flatMap((b) => (options.symmetric && b.start < a.start ? [] : [[a, b] as const])),
    );
    const jobs = {
      i: indices(
        pairs.map(([a]) => a),
        p,
      ),
      j: indices(
        pairs.map(([, b]) => b),
        q,
      ),
    };
    const fixed = {
      parameters: kernel.parameters,
      x: x.points.rows(p.start, p.end),
      y: y.points.rows(q.start, q.end),
      u: withZeroRow(x.weights.rows(p.start, p.end)),
      v: withZeroRow(y.weights.rows(q.start, q.end)),
    };
    const run = program(
      kernel,
      reduction,
      `${fixed.x.shape} ${p.extent} ${fixed.y.shape} ${q.extent} ${fixed.v.shape}`,
    );
    const results = await run(fixed, jobs);
    pairs.forEach(([a, b], k) => {
      const own = Object.entries(results).map(([name, t]) => [name, t.rows(k, k + 1)]);
      visit(Object.fromEntries(own), a, b);
    });
  }
}

function program(
  kernel: Kernel,
  { name, reduce }: { name: string; reduce: BlockReduction },
  shapes: string,
): GroupMap<Fixed, Job, ReturnType<BlockReduction>> {
  const key = `${name} of ${kernel.name}, ${shapes}`;
  const compiled = cache();
  let found = compiled.get(key);
  compiled.delete(key);
  if (!found) {
    const block = ({ parameters, x, y, u, v }: Fixed, { i, j }: Job) => {
      const pick = (points: Traced, index: Traced) => {
        const last = points.shape[0]! - 1;
        return np.take(points, np.minimum(index.reshape([-1]), last), 0);
      };
      const rows = (weights: Traced, index: Traced) => np.take(weights, index.reshape([-1]), 0);
      const left = rows(u, i.ref);
      const right = rows(v, j.ref);
      return reduce(kernel.matrix(parameters, pick(x, i), pick(y, j)), left, right);
    };
    found = mapGroups(block, { name: `${name} of ${kernel.name}` });
  }
  compiled.set(key, found);
  for (const [oldest, unused] of compiled) {
    if (compiled.size <= keptPrograms) break;
    compiled.delete(oldest);
    unused.dispose();
  }
  return found;
}

interface Panel extends Tile {
  readonly tiles: readonly Tile[];
  /** Points of a tile, the repeated ones counted. */
  readonly extent: number;
}

/** Tiles of nearly equal size, gathered into panels of bounded size. */
function panelsOf({ points, weights }: Side, side: number): Panel[] {
  const n = points.shape[0]!;
  const extent = Math.ceil(n / Math.ceil(n / side));
  const bytes = (4 * (points.data.length + weights.data.length)) / n;
  const each = Math.max(1, Math.floor(panelBytes / (extent * bytes)));
  const tiles = Array.from({ length: Math.ceil(n / extent) }, (_, k) => ({
    start: k * extent,
    end: Math.min(n, (k + 1) * extent),
  }));
  return Array.from({ length: Math.ceil(tiles.length / each) }, (_, k) => {
    const own = tiles.slice(k * each, (k + 1) * each);
    return { start: own[0]!.start, end: own.at(-1)!.end, tiles: own, extent };
  });
}

/** Places of the tiles' points in their panel; beyond its end is the place of no point, with weight 0. */
function indices(tiles: readonly Tile[], { start, end, extent }: Panel): Tensor {
  const data = new Int32Array(tiles.length * extent);
  for (const [k, tile] of tiles.entries())
    for (let i = 0; i < extent; i++) data[k * extent + i] = Math.min(tile.start + i, end) - start;
  return tensor(data, [tiles.length, extent]);
}

function withZeroRow(weights: Tensor): Tensor {
  const [n, width] = weights.shape as [number, number];
  const data = new Float32Array((n + 1) * width);
  data.set(weights.data as Float32Array);
  return tensor(data, [n + 1, width]);
}
