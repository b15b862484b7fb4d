import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { perRuntime, type SampleSum, sumOverSamples, type Tensor, tensor } from "../../engine/index.ts";
import type { FeatureKernel } from "./featureMap.ts";
import type { TracedTree } from "./kernel.ts";
import type { WeightedPoints } from "./sums.ts";

type Samples = { x: Traced; w: Traced };

const compiled = perRuntime(() => new Map<string, SampleSum<TracedTree, Samples, Traced>>());

/** Points whose sum is taken in float32; such sums are added up in float64. */
const portion = 4096;

/**
 * The kernel embedding of a measure (§2) under a finite feature map, Σ_i w_i φ(x_i), in one pass over the points.
 *
 * @param options.chunk points at a time; the kernel's where it is left out, or the engine's rule.
 */
export async function meanEmbedding(
  kernel: FeatureKernel,
  { points, weights }: WeightedPoints,
  options: { readonly chunk?: number; readonly signal?: AbortSignal } = {},
): Promise<Float64Array> {
  let sum = compiled().get(kernel.name);
  if (!sum) {
    const term = (parameters: TracedTree, { x, w }: Samples) => np.matmul(w, kernel.features(parameters, x));
    sum = sumOverSamples(term, { name: `mean embedding under ${kernel.name}` });
    compiled().set(kernel.name, sum);
  }
  const n = weights.length;
  const scaled = tensor(
    Float32Array.from(weights, (w) => w * n),
    [n],
  );
  let total: Float64Array | undefined;
  for (let at = 0; at < n; at += portion) {
    options.signal?.throwIfAborted();
    const end = Math.min(n, at + portion);
    const samples = { x: points.rows(at, end), w: scaled.rows(at, end) };
    const part = (await sum(kernel.parameters as object, samples, options.chunk ?? kernel.chunk)) as Tensor;
    total ??= new Float64Array(part.data.length);
    for (let k = 0; k < total.length; k++) total[k]! += part.data[k]! / n;
  }
  return total!;
}
