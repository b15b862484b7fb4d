import type { Tensor } from "../engine/tensor.ts";
import type { Split } from "./dataset.ts";
import { type Normalised, standardise } from "./normalise.ts";

/**
 * `normalise` with the whitening as one compiled product: the same result within float32 rounding, far faster for large
 * images. Without ZCA it is `normalise`.
 *
 * @param into what to write to, of exactly that many elements; new storage when left out
 */
export async function normaliseBatch(
  dataset: Normalised,
  split: "train" | "test" | Split,
  indices?: ArrayLike<number>,
  into?: Float32Array,
): Promise<Tensor> {
  const { zca } = dataset.normalisation;
  if (!zca) return standardise(dataset, split, indices, into);
  const batch = standardise(dataset, split, indices);
  const { whitenCompiled } = await import("./zca.ts");
  const out = await whitenCompiled(batch.reshape([batch.shape[0]!, zca.dimension]), zca);
  into?.set(out.data as Float32Array);
  return out.reshape(batch.shape);
}
