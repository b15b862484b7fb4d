import type { Tensor } from "../engine/tensor.ts";
import type { Dataset, Split } from "./dataset.ts";
import { standardise } from "./normalise.ts";

/**
 * `normalise` with the whitening as one compiled product: the same result within float32 rounding, far faster for large
 * images. Without ZCA it is `normalise`.
 */
export async function normaliseBatch(
  dataset: Dataset,
  split: "train" | "test" | Split,
  indices?: ArrayLike<number>,
): Promise<Tensor> {
  const batch = standardise(dataset, split, indices);
  const { zca } = dataset.normalisation;
  if (!zca) return batch;
  const { whitenCompiled } = await import("./zca.ts");
  const out = await whitenCompiled(batch.reshape([batch.shape[0]!, zca.dimension]), zca);
  return out.reshape(batch.shape);
}
