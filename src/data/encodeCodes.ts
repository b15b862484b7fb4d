import { formJson } from "./condensedSet.ts";
import type { CondensedSet } from "./dataset.ts";
import type { NumericTensor } from "./formats/npy.ts";
import { encodeSafetensors } from "./formats/safetensors.ts";

/** Value of the metadata key "format" of a file of codes. */
export const codesFormat = "attar-coded-1";

/**
 * A set as codes with what decodes them, the bytes of a .safetensors file: a tensor a variable of its data space, `labels` int64 of the
 * images that they decode to. Metadata, all strings: format, form (JSON: space, options, codes, decoder, renderings), shape, classes, scale,
 * mean and std (JSON), ipc, method, dataset.
 *
 * @throws RangeError where the set has no codes
 */
export function encodeCodes(set: CondensedSet): Uint8Array {
  const { form, labels, shape, classes, normalisation } = set;
  if (!form) throw new RangeError("the set has no codes");
  const tensors: Record<string, NumericTensor> = {
    ...form.variables,
    labels: { shape: [labels.length], data: BigInt64Array.from(labels, BigInt) },
  };
  return encodeSafetensors(tensors, {
    format: codesFormat,
    form: formJson(form),
    shape: JSON.stringify(shape),
    classes: JSON.stringify(classes),
    scale: JSON.stringify(normalisation.scale),
    mean: JSON.stringify(normalisation.mean),
    std: JSON.stringify(normalisation.std),
    ipc: String(set.ipc),
    method: set.method,
    dataset: set.dataset,
  });
}
