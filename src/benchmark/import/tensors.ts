import { badData } from "../../data/badData.ts";
import type { NumericTensor } from "../../data/formats/npy.ts";
import { ArrayValue, kindOf, type PickleValue } from "../../data/formats/pickle/value.ts";
import { size } from "../../engine/index.ts";
import type { Facts, ForeignSet } from "./foreignSet.ts";

/** A tensor of a file of PyTorch. @throws AttarError "bad-data" for anything else */
export function tensorOf(value: PickleValue | undefined, what: string, where: string, hint?: string): NumericTensor {
  if (value instanceof ArrayValue) return value;
  throw badData(where, `${what} is ${kindOf(value)}, and a tensor is expected`, hint);
}

const numbersOf = ({ data }: NumericTensor): Float32Array =>
  data instanceof Float32Array ? data : Float32Array.from(data, Number);

/**
 * Images [n, channels, height, width] of an array; [n, height, width, channels] and, of one channel, [n, height, width] are turned
 * into it. Bytes become floats of 0 to 1.
 *
 * @throws AttarError "bad-data" for images of another size than the dataset's, values that are not finite, no image
 */
export function imagesOf(array: NumericTensor, { name, shape }: Facts, where: string): Float32Array {
  const [channels, height, width] = shape;
  const [n = 0, ...rest] = array.shape;
  const forms = {
    first: [channels, height, width].join(),
    last: [height, width, channels].join(),
    flat: channels === 1 ? [height, width].join() : "",
  };
  const form = rest.join();
  if (n < 1 || (form !== forms.first && form !== forms.last && form !== forms.flat))
    throw badData(
      where,
      `its images are [${array.shape}], and those of ${name} are [${shape}]`,
      "Name the dataset that it was condensed from: --on and its name or path.",
    );
  const values = numbersOf(array);
  const odd = values.findIndex((v) => !Number.isFinite(v));
  if (odd >= 0) throw badData(where, `its images hold a value that is not finite (element ${odd})`);
  const scaled = array.data instanceof Uint8Array ? values.map((v) => v / 255) : values;
  return form === forms.last && form !== forms.first ? channelsFirst(scaled, n, shape) : scaled;
}

function channelsFirst(values: Float32Array, n: number, [channels, height, width]: Facts["shape"]): Float32Array {
  const plane = height * width;
  const out = new Float32Array(values.length);
  for (let i = 0; i < n; i++)
    for (let p = 0; p < plane; p++)
      for (let c = 0; c < channels; c++) out[(i * channels + c) * plane + p] = values[(i * plane + p) * channels + c]!;
  return out;
}

type Labels = Pick<ForeignSet, "labels" | "softLabels" | "loss" | "notes">;

/**
 * Labels of n images: whole numbers [n] or [n, 1], or a row of numbers for each image.
 *
 * @param values whether rows are values to regress on; otherwise rows that are no probabilities are taken for logits
 * @throws AttarError "bad-data" for another number of labels, and classes that the dataset has not
 */
export function labelsOf(
  array: NumericTensor,
  n: number,
  { name, classes }: Facts,
  where: string,
  values = false,
): Labels {
  const k = classes.length;
  const numbers = numbersOf(array);
  if (numbers.length === n) {
    const labels = Int32Array.from(numbers);
    const odd = numbers.findIndex((v) => !Number.isInteger(v) || v < 0 || v >= k);
    if (odd >= 0) throw badData(where, `label ${odd} is ${numbers[odd]}, and ${name} has the classes 0 to ${k - 1}`);
    return { labels, notes: [] };
  }
  if (array.shape.join() !== [n, k].join())
    throw badData(where, `its labels are [${array.shape}] for ${n} images and the ${k} classes of ${name}`);
  const odd = numbers.findIndex((v) => !Number.isFinite(v));
  if (odd >= 0) throw badData(where, `its labels hold a value that is not finite (element ${odd})`);
  const rows = Array.from({ length: n }, (_, i) => numbers.subarray(i * k, (i + 1) * k));
  const labels = Int32Array.from(rows, (row) => row.indexOf(Math.max(...row)));
  if (values) return { labels, softLabels: numbers, loss: "squared-error", notes: [] };
  const oneHot = rows.every((row, i) => row.every((v, c) => v === Number(c === labels[i])));
  if (oneHot) return { labels, notes: [] };
  const distributions = rows.every(
    (row) => row.every((v) => v >= 0) && Math.abs(row.reduce((a, b) => a + b) - 1) < 1e-3,
  );
  if (distributions) return { labels, softLabels: numbers, notes: [] };
  return {
    labels,
    softLabels: Float32Array.from(rows.flatMap((row) => [...softmax(row)])),
    notes: ["its labels are no probabilities: taken for logits, their softmax is kept"],
  };
}

function softmax(row: Float32Array): Float64Array {
  const top = Math.max(...row);
  const powers = Float64Array.from(row, (v) => Math.exp(v - top));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((p) => p / sum);
}

/** The number of images of a dataset's size in so many values. */
export const countOfImages = (images: Float32Array, { shape }: Facts): number => images.length / size(shape);
