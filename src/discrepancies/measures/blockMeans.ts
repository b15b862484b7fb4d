import { leavesOf, Tensor } from "../../engine/index.ts";
import type { Sampled } from "./sampled.ts";
import { unitWeights } from "./weights.ts";

/** Means of a vector-valued statistic over random blocks of a sample. */
export interface BlockMeans {
  /** Mean over the whole sample. */
  readonly mean: Float64Array;
  /** Weight and mean of every block; weights sum to 1. One block where the sample is the measure itself. */
  readonly blocks: readonly { readonly mass: number; readonly mean: Float32Array }[];
  readonly share: number;
}

const most = 8;

/**
 * Means of a statistic that is a weighted sum over samples. A proper sample is summed in eight blocks: their spread says how
 * far the mean may be from the whole measure's.
 *
 * @param sum the statistic of one block, a tree of tensors, from the block's weights [n] and its rows of any array of the sample.
 */
export async function blockMeans(
  sum: (weights: Tensor, rows: (t: Tensor) => Tensor) => Promise<unknown>,
  { measure, share }: Sampled,
  signal?: AbortSignal,
): Promise<BlockMeans> {
  const count = measure.points.shape[0]!;
  const weights = new Tensor(unitWeights(measure), [count], "float32");
  const parts = share === 1 ? 1 : Math.min(most, count);
  const blocks: { mass: number; mean: Float32Array }[] = [];
  let mean: Float64Array | undefined;
  for (let p = 0; p < parts; p++) {
    signal?.throwIfAborted();
    const [from, to] = [Math.floor((p * count) / parts), Math.floor(((p + 1) * count) / parts)];
    const rows = (t: Tensor) => t.rows(from, to);
    const total = flat(await sum(rows(weights), rows));
    let weight = 0;
    for (let i = from; i < to; i++) weight += weights.data[i]!;
    if (weight > 0) blocks.push({ mass: weight / count, mean: Float32Array.from(total, (v) => v / weight) });
    mean ??= new Float64Array(total.length);
    for (let j = 0; j < total.length; j++) mean[j]! += total[j]! / count;
  }
  return { mean: mean!, blocks, share };
}

/** All entries of a tree of tensors, one after the other. */
function flat(result: unknown): Float64Array {
  const leaves = leavesOf<Tensor>(result);
  const out = new Float64Array(leaves.reduce((n, t) => n + t.data.length, 0));
  let at = 0;
  for (const t of leaves) {
    out.set(t.data, at);
    at += t.data.length;
  }
  return out;
}
