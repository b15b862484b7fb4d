import { size } from "../engine/tensor.ts";
import { badData } from "./badData.ts";
import type { CodedForm, CondensedSet, Normalisation, Zca } from "./dataset.ts";
import type { NumericTensor } from "./formats/npy.ts";
import { encodeSafetensors, parseSafetensors, type SafeTensors } from "./formats/safetensors.ts";
import { parseStrictJson } from "./formats/strictJson.ts";
import { integerLabels } from "./labelNames.ts";
import { preparationOf } from "./table/preparationJson.ts";
import type { ValuesTarget } from "./valuesTarget.ts";

/** Value of the metadata key "format"; a reader refuses any other. */
export const condensedFormat = "attar-condensed-1";

/**
 * A condensed set as the bytes of a .safetensors file. Tensors: `images` float32 [m, c, h, w] in the training
 * normalisation; `labels` int64 [m], or `soft_labels` float32 [m, classes]; `values` float32 [m, k] beside the labels where
 * numbers are predicted, standardised; `lr` float32 [1] where one was learned;
 * `zca_mean` [d], `zca_whiten` and `zca_unwhiten` [d, d] where the data were whitened. Metadata, all strings: format,
 * classes (JSON), scale, mean and std (JSON, in units of stored / scale), method, ipc, augmentation, dataset,
 * dataset_checksum; low and high (JSON, a channel each) where those units do not go from 0 to 1; loss "squared-error" where
 * soft labels are values to regress on; table (JSON) how the columns of a table became features; value_names, value_mean and value_std (JSON, one each of the numbers to predict); and
 * stored_floats where the images were decoded from so many floats; form (JSON: space, options, codes, decoder, renderings) where these
 * are codes with what decodes them, tensors `form.<variable>`.
 *
 * Equal sets give equal bytes.
 */
export function encodeCondensed(set: CondensedSet): Uint8Array {
  const { images, shape, labels, softLabels, values, target, classes, normalisation, learningRate } = set;
  const count = labels.length;
  if (images.length !== count * size(shape))
    throw new RangeError(`${count} images of [${shape}] need ${count * size(shape)} values, got ${images.length}`);
  const tensors: Record<string, NumericTensor> = { images: { shape: [count, ...shape], data: images } };
  if (softLabels) tensors.soft_labels = { shape: [count, classes.length], data: softLabels };
  else tensors.labels = { shape: [count], data: BigInt64Array.from(labels, BigInt) };
  if (values && target) tensors.values = { shape: [count, target.names.length], data: values };
  if (learningRate !== undefined) tensors.lr = { shape: [1], data: Float32Array.of(learningRate) };
  for (const [name, tensor] of Object.entries(set.form?.variables ?? {})) tensors[`${formHead}${name}`] = tensor;
  const { zca } = normalisation;
  if (zca) {
    tensors.zca_mean = { shape: [zca.dimension], data: zca.mean };
    tensors.zca_whiten = { shape: [zca.dimension, zca.dimension], data: zca.whiten };
    tensors.zca_unwhiten = { shape: [zca.dimension, zca.dimension], data: zca.unwhiten };
  }
  return encodeSafetensors(tensors, {
    format: condensedFormat,
    classes: JSON.stringify(classes),
    scale: JSON.stringify(normalisation.scale),
    mean: JSON.stringify(normalisation.mean),
    std: JSON.stringify(normalisation.std),
    ...(normalisation.range && {
      low: JSON.stringify(normalisation.range.low),
      high: JSON.stringify(normalisation.range.high),
    }),
    ...(set.table && { table: JSON.stringify(set.table) }),
    method: set.method,
    ipc: String(set.ipc),
    augmentation: set.augmentation,
    dataset: set.dataset,
    dataset_checksum: set.datasetChecksum,
    ...(set.loss && { loss: set.loss }),
    ...(target && {
      value_names: JSON.stringify(target.names),
      value_mean: JSON.stringify(target.mean),
      value_std: JSON.stringify(target.std),
    }),
    ...(set.storedFloats !== undefined && { stored_floats: String(set.storedFloats) }),
    ...(set.form && { form: formJson(set.form) }),
  });
}

/**
 * Reads what {@link encodeCondensed} wrote.
 *
 * @throws AttarError "bad-data": another format, tensors or metadata that are missing or do not fit each other, labels
 * out of range, values that are not finite
 */
export function parseCondensed(bytes: Uint8Array, where: string): CondensedSet {
  return condensedFrom(parseSafetensors(bytes, where), where);
}

/** {@link parseCondensed} of a file whose tensors and metadata are read already. */
export function condensedFrom(file: SafeTensors, where: string): CondensedSet {
  const { tensors, metadata } = file;
  if (metadata.format !== condensedFormat)
    throw badData(
      where,
      metadata.format
        ? `has format "${metadata.format}", this version reads ${condensedFormat}`
        : "is no condensed set",
      "Condensed sets are made by: attar condense <dataset>",
    );
  const classes = json(file, "classes", where);
  if (!Array.isArray(classes) || classes.length < 1 || !classes.every((name) => typeof name === "string"))
    throw badData(where, 'its metadata "classes" is not a list of names');
  const images = floats(file, "images", where);
  const [count = 0, ...rest] = images.shape;
  if (rest.length !== 3 || count < 1) throw badData(where, `its images are [${images.shape}], expected [m,c,h,w]`);
  const shape = rest as [number, number, number];
  const softLabels = tensors.has("soft_labels") ? floats(file, "soft_labels", where) : undefined;
  if (softLabels && softLabels.shape.join() !== [count, classes.length].join())
    throw badData(where, `its soft labels are [${softLabels.shape}], expected [${[count, classes.length]}]`);
  const labels = softLabels ? argMax(softLabels.data, classes.length) : hardLabels(file, count, classes.length, where);
  const ipc = Number(metadata.ipc);
  if (!Number.isInteger(ipc) || ipc < 1) throw badData(where, `its metadata "ipc" is ${JSON.stringify(metadata.ipc)}`);
  const storedFloats = metadata.stored_floats === undefined ? undefined : Number(metadata.stored_floats);
  if (storedFloats !== undefined && !(Number.isInteger(storedFloats) && storedFloats > 0))
    throw badData(where, `its metadata "stored_floats" is ${JSON.stringify(metadata.stored_floats)}`);
  const { loss } = metadata;
  if (loss !== undefined && (loss !== "squared-error" || !softLabels))
    throw badData(where, `its metadata "loss" is ${JSON.stringify(loss)}${softLabels ? "" : " without soft labels"}`);
  const target = readTarget(file, where);
  const values = target && floats(file, "values", where);
  if (values && values.shape.join() !== [count, target.names.length].join())
    throw badData(where, `its values are [${values.shape}], expected [${[count, target.names.length]}]`);
  const lr = tensors.has("lr") ? floats(file, "lr", where) : undefined;
  if (lr && lr.data.length !== 1) throw badData(where, `its learning rate is [${lr.shape}], expected one number`);
  return {
    images: images.data,
    shape,
    labels,
    ...(softLabels && { softLabels: softLabels.data }),
    ...(loss === "squared-error" && { loss }),
    ...(target && values && { target, values: values.data }),
    classes,
    normalisation: readNormalisation(file, shape, where),
    ...(metadata.table !== undefined && { table: preparationOf(json(file, "table", where), shape[0], where) }),
    dataset: text(file, "dataset", where),
    datasetChecksum: text(file, "dataset_checksum", where),
    method: text(file, "method", where),
    ipc,
    augmentation: text(file, "augmentation", where),
    ...(lr && { learningRate: lr.data[0]! }),
    ...(storedFloats !== undefined && { storedFloats }),
    ...(metadata.form !== undefined && { form: readForm(file, where) }),
  };
}

/** First letters of the names of the tensors of a coded form. */
const formHead = "form.";

/** A coded form without its variables, as JSON: space, options, codes, decoder, renderings, and outside where it is. */
export const formJson = ({ space, options, codes, decoder, renderings, outside }: CodedForm): string =>
  JSON.stringify({ space, options, codes, decoder, renderings, outside });

function readForm(file: SafeTensors, where: string): CodedForm {
  const { space, options, ...numbers } = Object(json(file, "form", where));
  const { codes, decoder, renderings, outside = false } = numbers;
  const counts = [codes, decoder, renderings].every((n) => Number.isSafeInteger(n) && n >= 0) && renderings >= 1;
  const known = typeof space === "string" && typeof options === "object" && options !== null;
  if (!known || !counts || typeof outside !== "boolean")
    throw badData(where, 'its metadata "form" does not describe codes');
  const own = [...file.tensors].filter(([name]) => name.startsWith(formHead));
  const variables = Object.fromEntries(own.map(([name, tensor]) => [name.slice(formHead.length), tensor]));
  return { space, options, variables, codes, decoder, renderings, ...(outside && { outside }) };
}

/** The numbers to predict, where the set has any. */
function readTarget(file: SafeTensors, where: string): ValuesTarget | undefined {
  if (file.metadata.value_names === undefined) return undefined;
  const [names, mean, std] = ["value_names", "value_mean", "value_std"].map((key) => json(file, key, where));
  const numbers = (value: unknown): value is number[] => Array.isArray(value) && value.every((v) => Number.isFinite(v));
  const named = Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === "string");
  if (named && numbers(mean) && numbers(std) && mean.length === names.length && std.length === names.length)
    if (std.every((s) => s > 0)) return { names, mean, std };
  throw badData(where, "its value_names, value_mean and value_std do not describe numbers to predict");
}

function readNormalisation(file: SafeTensors, shape: readonly [number, number, number], where: string): Normalisation {
  const scale = json(file, "scale", where);
  const [mean, std] = [json(file, "mean", where), json(file, "std", where)];
  const numbers = (value: unknown): value is number[] =>
    Array.isArray(value) && value.length === shape[0] && value.every((v) => Number.isFinite(v));
  if (!(typeof scale === "number" && scale > 0 && numbers(mean) && numbers(std) && std.every((s) => s > 0)))
    throw badData(where, `its scale, mean and std do not describe ${shape[0]} channels`);
  const ends = ["low", "high"].filter((key) => file.metadata[key] !== undefined);
  const [low, high] = ends.map((key) => json(file, key, where));
  if (ends.length > 0 && !(numbers(low) && numbers(high) && low.every((v, c) => v <= high[c]!)))
    throw badData(where, `its low and high do not describe ${shape[0]} channels`);
  const zca = readZca(file, size(shape), where);
  return { scale, mean, std, ...(numbers(low) && numbers(high) && { range: { low, high } }), ...(zca && { zca }) };
}

function readZca(file: SafeTensors, dimension: number, where: string): Zca | undefined {
  const names = ["zca_mean", "zca_whiten", "zca_unwhiten"];
  if (!names.some((name) => file.tensors.has(name))) return undefined;
  const [mean, whiten, unwhiten] = names.map((name, i) => {
    const { shape, data } = floats(file, name, where);
    const expected = i === 0 ? [dimension] : [dimension, dimension];
    if (shape.join() !== expected.join()) throw badData(where, `its ${name} is [${shape}], expected [${expected}]`);
    return data;
  });
  return { dimension, mean: mean!, whiten: whiten!, unwhiten: unwhiten! };
}

function floats(
  { tensors }: SafeTensors,
  name: string,
  where: string,
): { shape: readonly number[]; data: Float32Array } {
  const found = tensors.get(name);
  if (!found) throw badData(where, `has no tensor "${name}"`);
  const { shape, data } = found;
  if (!(data instanceof Float32Array)) throw badData(where, `its tensor "${name}" is not float32`);
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i]!))
      throw badData(where, `its tensor "${name}" holds a value that is not finite (element ${i})`);
  return { shape, data };
}

function hardLabels({ tensors }: SafeTensors, count: number, classes: number, where: string): Int32Array {
  const found = tensors.get("labels");
  if (!found) throw badData(where, 'has no tensor "labels" or "soft_labels"');
  if (found.shape.join() !== String(count)) throw badData(where, `its labels are [${found.shape}] for ${count} images`);
  const labels = integerLabels(found.data, where);
  const odd = labels.findIndex((label) => label >= classes);
  if (odd >= 0) throw badData(where, `label ${odd} is ${labels[odd]}, out of range 0 to ${classes - 1}`);
  return labels;
}

function argMax(soft: Float32Array, classes: number): Int32Array {
  return Int32Array.from({ length: soft.length / classes }, (_, i) => {
    let best = 0;
    for (let c = 1; c < classes; c++) if (soft[i * classes + c]! > soft[i * classes + best]!) best = c;
    return best;
  });
}

function text({ metadata }: SafeTensors, key: string, where: string): string {
  const value = metadata[key];
  if (value === undefined) throw badData(where, `has no metadata "${key}"`);
  return value;
}

const json = (file: SafeTensors, key: string, where: string): unknown =>
  parseStrictJson(text(file, key, where), `${where}: its metadata "${key}"`);
