import { condensedFormat } from "./condensedSet.ts";
import type { CondensedSet } from "./dataset.ts";
import type { NumericTensor } from "./formats/npy.ts";
import type { SafeTensors } from "./formats/safetensors.ts";
import { featureNames } from "./table/preparation.ts";
import { originalValues, standardisedValues } from "./valuesTarget.ts";

/**
 * A condensed set as the arrays of an .npz, nothing left out: `images` float32 [m, c, h, w] in the training normalisation,
 * `labels` int64 [m], `values` float64 [m, k] in their own units where numbers are predicted, with `value_mean`, `value_std` [k] and
 * the texts `value_names`; `soft_labels` float32 [m, classes] and `lr` float32 [1] where there are any; `mean`, `std` [c] and
 * `scale` [1], with `low` and `high` [c] where stored / scale does not go from 0 to 1; `zca_mean` [d], `zca_whiten` and
 * `zca_unwhiten` [d, d] where images were whitened after that; `ipc` int64 [1], and `stored_floats` where images were decoded from so many. Texts: `classes`, `loss` ("cross-entropy" or
 * "squared-error": what networks are trained on the labels with), `recipe` (JSON: how networks are trained on the set, where it is given), `feature_names` and `table` (JSON: how the columns of a table
 * became features), `augmentation` ("none", or what to train with), `method`,
 * `dataset`, `dataset_checksum`.
 */
export function exportArrays(
  set: CondensedSet,
  recipe?: Readonly<Record<string, unknown>>,
): Record<string, NumericTensor | readonly string[]> {
  const { images, shape, labels, softLabels, values, target, classes, normalisation, learningRate } = set;
  const { range, zca, mean, std, scale } = normalisation;
  const numbers = (values: readonly number[]) => ({ shape: [values.length], data: Float64Array.from(values) });
  const square = (matrix: Float32Array, side: number) => ({ shape: [side, side], data: matrix });
  return {
    images: { shape: [labels.length, ...shape], data: images },
    labels: { shape: [labels.length], data: BigInt64Array.from(labels, BigInt) },
    ...(softLabels && { soft_labels: { shape: [labels.length, classes.length], data: softLabels } }),
    ...(values &&
      target && {
        values: { shape: [labels.length, target.names.length], data: originalValues(values, target) },
        value_mean: numbers(target.mean),
        value_std: numbers(target.std),
        value_names: target.names,
      }),
    ...(learningRate !== undefined && { lr: { shape: [1], data: Float32Array.of(learningRate) } }),
    mean: numbers(mean),
    std: numbers(std),
    scale: numbers([scale]),
    ...(range && { low: numbers(range.low), high: numbers(range.high) }),
    ...(zca && {
      zca_mean: { shape: [zca.dimension], data: zca.mean },
      zca_whiten: square(zca.whiten, zca.dimension),
      zca_unwhiten: square(zca.unwhiten, zca.dimension),
    }),
    ipc: { shape: [1], data: BigInt64Array.of(BigInt(set.ipc)) },
    ...(set.storedFloats !== undefined && {
      stored_floats: { shape: [1], data: BigInt64Array.of(BigInt(set.storedFloats)) },
    }),
    classes,
    loss: [set.loss ?? (target ? "squared-error" : "cross-entropy")],
    augmentation: [set.augmentation || "none"],
    ...(recipe && { recipe: [JSON.stringify(recipe)] }),
    ...(set.table && { feature_names: featureNames(set.table), table: [JSON.stringify(set.table)] }),
    method: [set.method],
    dataset: [set.dataset],
    dataset_checksum: [set.datasetChecksum],
  };
}

/** Tells whether the texts of an .npz are those of {@link exportArrays}. */
export const isExportedSet = (texts: ReadonlyMap<string, readonly string[]>): boolean =>
  ["classes", "method", "dataset", "dataset_checksum"].every((name) => texts.has(name));

/** The arrays that {@link exportArrays} wrote, in the form that a condensed set is parsed from. */
export function exportedAsTensors(
  arrays: ReadonlyMap<string, NumericTensor>,
  texts: ReadonlyMap<string, readonly string[]>,
): SafeTensors {
  const text = (name: string) => texts.get(name)?.[0] ?? "";
  const metadata: Record<string, string> = {
    format: condensedFormat,
    classes: JSON.stringify(texts.get("classes") ?? []),
    method: text("method"),
    dataset: text("dataset"),
    dataset_checksum: text("dataset_checksum"),
    augmentation: text("augmentation") === "none" ? "" : text("augmentation"),
  };
  if (text("loss") === "squared-error" && arrays.has("soft_labels")) metadata.loss = text("loss");
  const names = texts.get("value_names");
  const table = text("table");
  if (table) metadata.table = table;
  if (names) metadata.value_names = JSON.stringify(names);
  for (const name of ["mean", "std", "low", "high", "value_mean", "value_std"]) {
    const values = arrays.get(name);
    if (values) metadata[name] = JSON.stringify(Array.from(values.data, Number));
  }
  for (const name of ["scale", "ipc", "stored_floats"]) {
    const value = arrays.get(name)?.data[0];
    if (value !== undefined) metadata[name] = String(value);
  }
  const tensors = new Map(arrays);
  if (tensors.has("soft_labels")) tensors.delete("labels");
  const values = arrays.get("values");
  if (names && values) {
    const [mean, std] = ["value_mean", "value_std"].map((name) => Array.from(arrays.get(name)?.data ?? [], Number));
    const data = standardisedValues(Array.from(values.data, Number), { names, mean: mean!, std: std! });
    tensors.set("values", { shape: values.shape, data });
  }
  return { tensors, metadata };
}
