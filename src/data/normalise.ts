import { size, Tensor } from "../engine/tensor.ts";
import type { Dataset, Normalisation, Split } from "./dataset.ts";
import { unwhiten, whiten } from "./whiten.ts";

/** What of a dataset says how a network sees its samples; with the splits where these are asked for by name. */
export type Normalised = Pick<Dataset, "shape" | "normalisation"> & Partial<Pick<Dataset, "train" | "test">>;

/**
 * A batch as a network sees it: (stored / scale − mean_c) / std_c, then whitening if the dataset has any.
 *
 * @param split which images: "train", "test", or a split of the same shape
 * @param indices rows of the split; all of them when left out
 * @returns float32 [indices.length, channels, height, width]
 *
 * Cost: one table look-up a pixel for bytes. With ZCA each image costs a product with a square matrix in plain
 * JavaScript: `normaliseBatch` is far faster for large images.
 */
export function normalise(dataset: Normalised, split: "train" | "test" | Split, indices?: ArrayLike<number>): Tensor {
  const batch = standardise(dataset, split, indices);
  const { zca } = dataset.normalisation;
  if (zca) whiten(batch.data as Float32Array, zca);
  return batch;
}

/**
 * The part of {@link normalise} before whitening.
 *
 * @param into what to write to, of exactly that many elements; new storage when left out
 */
export function standardise(
  dataset: Normalised,
  split: "train" | "test" | Split,
  indices?: ArrayLike<number>,
  into?: Float32Array,
): Tensor {
  const { images } = typeof split === "string" ? dataset[split]! : split;
  const { scale, mean, std } = dataset.normalisation;
  const [channels, height, width] = dataset.shape;
  const plane = height * width;
  const row = channels * plane;
  const count = indices ? indices.length : images.length / row;
  const out = into ?? new Float32Array(count * row);
  for (let c = 0; c < channels; c++) {
    const gain = 1 / (scale * std[c]!);
    const shift = mean[c]! / std[c]!;
    const bytes = images instanceof Uint8Array ? images : undefined;
    const table = Float32Array.from({ length: bytes ? 256 : 0 }, (_, v) => v * gain - shift);
    for (let i = 0; i < count; i++) {
      const from = (indices ? indices[i]! : i) * row + c * plane;
      if (!(from >= 0 && from < images.length))
        throw new RangeError(`image ${indices?.[i]} is not one of ${images.length / row}`);
      const to = i * row + c * plane;
      if (bytes) lookUp(table, bytes, from, out, to, plane);
      else for (let p = 0; p < plane; p++) out[to + p] = images[from + p]! * gain - shift;
    }
  }
  return new Tensor(out, [count, channels, height, width], "float32");
}

/** A loop of its own, which the compiler sees with one type of array alone. */
function lookUp(table: Float32Array, bytes: Uint8Array, from: number, out: Float32Array, to: number, count: number) {
  for (let p = 0; p < count; p++) out[to + p] = table[bytes[from + p]!]!;
}

/**
 * The inverse of {@link normalise}, for looking at: pixels in 0..1, from black to white, clipped.
 *
 * @param images [n, channels, height, width] in the normalisation
 * @param shape [channels, height, width]
 */
export function denormalise(
  images: Float32Array,
  shape: readonly [number, number, number],
  normalisation: Normalisation,
): Float32Array {
  const out = unclipped(images, shape, normalisation);
  for (let i = 0; i < out.length; i++) out[i] = out[i]! > 0 ? Math.min(out[i]!, 1) : 0; // NaN becomes 0
  return out;
}

/** {@link denormalise} without the clipping: black is 0, white is 1, and what a set has learned beyond them stays. */
export function unclipped(
  images: Float32Array,
  shape: readonly [number, number, number],
  { zca, mean, std, range }: Normalisation,
): Float32Array {
  const out = images.slice();
  if (zca) unwhiten(out, zca);
  const [channels] = shape;
  const plane = size(shape) / channels;
  for (let start = 0, block = 0; start < out.length; start += plane, block++) {
    const c = block % channels;
    const low = range?.low[c] ?? 0;
    const width = (range?.high[c] ?? 1) - low || 1;
    const [gain, shift] = [std[c]!, mean[c]!];
    for (let i = start; i < start + plane; i++) {
      const value = out[i]! * gain + shift;
      out[i] = range ? (value - low) / width : value;
    }
  }
  return out;
}
