import type { Traceable } from "./executors/executor.ts";
import { isLiteral } from "./graph/graph.ts";
import { workOf } from "./graph/work.ts";
import { size } from "./tensor.ts";
import { trace } from "./trace.ts";

/** The size of a sum, as its trace shows it. */
export interface SumSize {
  /** Multiply-adds and elements read for one sample. */
  readonly work: number;
  /** Numbers in the arrays that every chunk sees: a network's weights. */
  readonly fixed: number;
  /** Numbers in the result. */
  readonly result: number;
}

/** The size of a sum, from its trace for one sample. The first `fixedLeaves` examples are those that every chunk sees. */
export async function sumSize(traceable: Traceable, fixedLeaves: number): Promise<SumSize> {
  const { graph } = await trace(traceable);
  const total = (shapes: readonly (readonly number[])[]) => shapes.reduce((sum, shape) => sum + size(shape), 0);
  return {
    work: workOf(graph),
    fixed: total(traceable.examples.slice(0, fixedLeaves).map((t) => t.shape)),
    result: total(graph.outputs.map((a) => (isLiteral(a) ? [] : a.shape))),
  };
}

/** The work of a sample below which a chunk of 16 is over before its operators' fixed cost is paid. */
const littleWork = 2 ** 18;

/** The work of a sample for each weight below which reading and packing the weights decides: products, maps of few pixels. */
const littleReuse = 32;

/** The length of a gradient from which adding chunks up, and packing for each one's products, outweighs the cache. */
const longGradient = 100_000;

/** The number of threads up to which chunks do not depend on it. */
const fewThreads = 4;

/** The number of samples up to which they are too few to share out. */
const fewSamples = 31;

/**
 * The number of samples at a time of a sum on a CPU: a function of shapes and, above four, of the number of threads. It is never
 * measured, for rounding depends on it and one seed must give one result wherever it runs.
 *
 * 16, whose activations stay in a core's cache; 32 where a sample is little work, alone or for each weight, or where the sum
 * is the gradient of many weights; halved, down to 4, while that leaves threads without a chunk.
 */
export function chunkByRule({ work, fixed, result }: SumSize, count: number, threads: number): number {
  if (count <= fewSamples) return Math.min(count, 16);
  const gradient = result >= fixed && fixed >= longGradient;
  let chunk = gradient || work < Math.max(littleWork, littleReuse * fixed) ? 32 : 16;
  while (chunk > 4 && chunk * Math.max(fewThreads, threads) > count) chunk /= 2;
  return chunk;
}
