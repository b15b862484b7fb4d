import { badData } from "./badData.ts";
import type { NumericArray, NumericTensor } from "./formats/npy.ts";
import type { ReadOptions } from "./readOptions.ts";
import { rowDomain } from "./rowDomain.ts";

/** Images out of an array without further description. */
export interface ImageArray {
  readonly images: Uint8Array | Float32Array;
  readonly shape: readonly [number, number, number];
  /** Smallest and largest stored value: {@link storedScale} needs them. */
  readonly range: readonly [number, number];
  /** The guess, in words, where there was one. */
  readonly note?: string;
}

/**
 * Reads an array as images [n, c, h, w]. Understood: [n, c, h, w] and [n, h, w, c] with one or three channels,
 * [n, h, w], and [n, features] (see {@link rowDomain}). Integers of 0 to 255 become bytes, all else float32.
 *
 * @throws AttarError "bad-data"
 */
export function imagesOfArray({ shape, data }: NumericTensor, where: string, options: ReadOptions = {}): ImageArray {
  const [values, range] = narrow(data);
  const colour = (d: number | undefined) => d === 1 || d === 3;
  const [n = 0, a = 0, b = 0, c = 0] = shape;
  if (shape.length === 2) {
    const domain = rowDomain({ features: a, values, range }, where, options);
    const [channels, height, width] = domain.shape;
    const images = domain.interleaved ? channelsFirst(values, n, height * width, channels) : values;
    return { images, shape: domain.shape, range, ...(domain.note && { note: domain.note }) };
  }
  if (options.domain === "series" && shape.length === 3) return { images: values, shape: [a, b, 1], range };
  if (options.domain !== undefined)
    throw badData(
      where,
      `arrays of shape [${shape}] hold no ${options.domain === "series" ? "series" : "embeddings"}`,
      `Save them as ${options.domain === "series" ? "[n,time] or [n,channels,time]" : "[n,features]"}.`,
    );
  if (shape.length === 3) return { images: values, shape: [1, a, b], range };
  if (shape.length === 4 && colour(a) && colour(c) && a !== c)
    return {
      images: values,
      shape: [a, b, c],
      range,
      note: `images of shape [${shape}] are read as [n,c,h,w], the colours first`,
    };
  if (shape.length === 4 && colour(a)) return { images: values, shape: [a, b, c], range };
  if (shape.length === 4 && colour(c)) return { images: channelsFirst(values, n, a * b, c), shape: [c, a, b], range };
  if (shape.length === 4)
    throw badData(
      where,
      `images of shape [${shape}] have neither one nor three channels, first or last`,
      "Pictures are grey or of three colours; save other channels as rows [n,features], which are read as a table.",
    );
  throw badData(
    where,
    `images of shape [${shape}] are not understood, expected [n,c,h,w], [n,h,w,c], [n,h,w] or [n,features]`,
    "Save them in one of these shapes.",
  );
}

/** The stored value that stands for 1, and how it was guessed where it may be another. */
export interface StoredScale {
  readonly scale: number;
  readonly note?: string;
}

/**
 * The stored value of pictures that stands for 1: what `--scale` says, else by the range of values 1, 16 or 255; 1 where they are no
 * grey levels.
 */
export function storedScale([low, high]: readonly [number, number], { scale }: ReadOptions = {}): StoredScale {
  if (scale !== undefined) return { scale };
  if (low < 0 || high <= 1 || high > 255) return { scale: 1 };
  if (high > 16) return { scale: 255 };
  return { scale: 16, note: "no value is above 16, which is taken for white (--scale 255 takes 255)" };
}

/** The smallest range that holds both. */
export const rangeOfBoth = (a: readonly [number, number], b = a): [number, number] => [
  Math.min(a[0], b[0]),
  Math.max(a[1], b[1]),
];

/** Bytes where all values are integers of 0 to 255, else float32; with their range. */
export function narrow(data: NumericArray): [Uint8Array | Float32Array, [number, number]] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let integers = true;
  for (let i = 0; i < data.length; i++) {
    const value = Number(data[i]);
    if (value < low) low = value;
    if (value > high) high = value;
    if (integers && !Number.isInteger(value)) integers = false;
  }
  const range: [number, number] = [low, high];
  if (data instanceof Uint8Array) return [data, range];
  if (integers && low >= 0 && high <= 255 && high > 1) return [copied(data, new Uint8Array(data.length)), range];
  if (data instanceof Float32Array) return [data, range];
  return [copied(data, new Float32Array(data.length)), range];
}

/** Number by number: `TypedArray.from` with a conversion gathers all of them in a list first, ten times as large. */
function copied<T extends Uint8Array | Float32Array>(data: NumericArray, out: T): T {
  for (let i = 0; i < data.length; i++) out[i] = Number(data[i]);
  return out;
}

/** Images [n, plane, channels] as [n, channels, plane]. */
export function channelsFirst<T extends Uint8Array | Float32Array>(
  values: T,
  n: number,
  plane: number,
  channels: number,
): T {
  if (channels === 1) return values;
  const out = values.slice() as T;
  for (let i = 0; i < n; i++)
    for (let c = 0; c < channels; c++)
      for (let p = 0; p < plane; p++) out[(i * channels + c) * plane + p] = values[(i * plane + p) * channels + c]!;
  return out;
}
