import type { Normalisation } from "../data/dataset.ts";

type Units = Pick<Normalisation, "mean" | "std" | "range">;
type Shape = readonly [channels: number, height: number, width: number];

/** Per channel c: what the network sees is offset + gain · pixel. */
function unitsOf({ mean, std, range }: Units, [channels, height, width]: Shape) {
  const of = (c: number) => {
    const low = range?.low[c] ?? 0;
    return { gain: ((range?.high[c] ?? 1) - low || 1) / std[c]!, offset: (low - mean[c]!) / std[c]! };
  };
  const each = Array.from({ length: channels }, (_, c) => of(c));
  const plane = height * width;
  return (j: number) => each[Math.floor(j / plane) % channels]!;
}

/** Normalised images, without whitening, as pixels: black at 0 and white at 1. */
export function toPixels(images: ArrayLike<number>, normalisation: Units, shape: Shape): Float64Array {
  const units = unitsOf(normalisation, shape);
  return Float64Array.from(images, (v, j) => (v - units(j).offset) / units(j).gain);
}

/** Pixels as normalised images. */
export function fromPixels(pixels: Float64Array, normalisation: Units, shape: Shape): Float32Array {
  const units = unitsOf(normalisation, shape);
  return Float32Array.from(pixels, (v, j) => units(j).offset + units(j).gain * v);
}

/** The gradient in normalised images as one in pixels. */
export function slopeInPixels(gradient: ArrayLike<number>, normalisation: Units, shape: Shape): Float64Array {
  const units = unitsOf(normalisation, shape);
  return Float64Array.from(gradient, (v, j) => v * units(j).gain);
}
