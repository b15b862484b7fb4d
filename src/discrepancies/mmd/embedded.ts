import { type FeatureKernel, meanEmbedding, type WeightedPoints } from "../../hypotheses/kernels/index.ts";

/**
 * (φ̄_a − φ̄_b)² of every feature of a kernel with a finite feature map: MMD² of the two measures is their sum. One pass over
 * the points.
 */
export async function embeddingDifference(
  kernel: FeatureKernel,
  a: WeightedPoints,
  b: WeightedPoints,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Float64Array> {
  const left = await meanEmbedding(kernel, a, options);
  const right = await meanEmbedding(kernel, b, options);
  return left.map((v, k) => (v - right[k]!) ** 2);
}
