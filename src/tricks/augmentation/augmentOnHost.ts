import type { Draw } from "./draw.ts";
import { isStill, type Resampling, resampling } from "./resampling.ts";

/**
 * Augments images that need no gradient, in place of the traced form and with the same numbers.
 *
 * @param images [n, C, H, W], normalised; left unchanged. @param draws one draw for all images, or one per image.
 * @param out where the result goes; a new array of the same size where left out.
 */
export function augmentOnHost(
  images: Float32Array,
  [channels, height, width]: readonly [number, number, number],
  draws: readonly Draw[],
  out: Float32Array = new Float32Array(images.length),
): Float32Array {
  const plane = height * width;
  const size = channels * plane;
  if (draws.length === 1) {
    augmentAlike(images, out, channels, height, width, draws[0]!);
    return out;
  }
  for (let n = 0; n * size < images.length; n++) {
    const own = (all: Float32Array) => all.subarray(n * size, (n + 1) * size);
    augmentAlike(own(images), own(out), channels, height, width, draws[n]!);
  }
  return out;
}

/** One draw for all images. */
function augmentAlike(
  images: Float32Array,
  out: Float32Array,
  channels: number,
  height: number,
  width: number,
  draw: Draw,
): void {
  const plane = height * width;
  const still = isStill(draw);
  if (still || draw.colourFirst) {
    out.set(images);
    recolour(out, channels, plane, draw);
  }
  if (still) return;
  const from = draw.colourFirst ? out.slice() : images;
  resample(from, out, plane, resampling(draw, height, width));
  if (!draw.colourFirst) recolour(out, channels, plane, draw);
}

/** Every plane through the same sparse map. */
function resample(from: Float32Array, to: Float32Array, plane: number, map: Resampling): void {
  if (map.moves) {
    move(from, to, plane, map.moves);
    return;
  }
  const four = to.length - (to.length % (4 * plane));
  for (let start = 0; start < four; start += 4 * plane) interpolateFour(from, to, start, plane, map);
  for (let start = four; start < to.length; start += plane) interpolate(from, to, start, plane, map);
}

function move(from: Float32Array, to: Float32Array, plane: number, moves: Int32Array): void {
  for (let start = 0; start < to.length; start += plane)
    for (let p = 0; p < plane; p++) {
      const i = moves[p]!;
      to[start + p] = i < 0 ? 0 : from[start + i]!;
    }
}

function interpolate(from: Float32Array, to: Float32Array, start: number, plane: number, map: Resampling): void {
  const { index, weight } = map;
  for (let p = 0, k = 0; p < plane; p++, k += 4)
    to[start + p] =
      weight[k]! * from[start + index[k]!]! +
      weight[k + 1]! * from[start + index[k + 1]!]! +
      weight[k + 2]! * from[start + index[k + 2]!]! +
      weight[k + 3]! * from[start + index[k + 3]!]!;
}

/** {@link interpolate} of four planes, which reads the map once: twice as fast. */
function interpolateFour(from: Float32Array, to: Float32Array, start: number, plane: number, map: Resampling): void {
  const { index, weight } = map;
  const [b, c, d] = [start + plane, start + 2 * plane, start + 3 * plane];
  for (let p = 0, k = 0; p < plane; p++, k += 4) {
    const i0 = index[k]!;
    const i1 = index[k + 1]!;
    const i2 = index[k + 2]!;
    const i3 = index[k + 3]!;
    const w0 = weight[k]!;
    const w1 = weight[k + 1]!;
    const w2 = weight[k + 2]!;
    const w3 = weight[k + 3]!;
    to[start + p] = w0 * from[start + i0]! + w1 * from[start + i1]! + w2 * from[start + i2]! + w3 * from[start + i3]!;
    to[b + p] = w0 * from[b + i0]! + w1 * from[b + i1]! + w2 * from[b + i2]! + w3 * from[b + i3]!;
    to[c + p] = w0 * from[c + i0]! + w1 * from[c + i1]! + w2 * from[c + i2]! + w3 * from[c + i3]!;
    to[d + p] = w0 * from[d + i0]! + w1 * from[d + i1]! + w2 * from[d + i2]! + w3 * from[d + i3]!;
  }
}

/** Brightness, then saturation, then contrast, of every image. */
function recolour(images: Float32Array, channels: number, plane: number, draw: Draw): void {
  const size = channels * plane;
  const { brightness, saturation, contrast } = draw;
  if (brightness !== 0) for (let i = 0; i < images.length; i++) images[i] = images[i]! + brightness;
  if (saturation !== 1 && channels > 1)
    for (let start = 0; start < images.length; start += size)
      for (let p = start; p < start + plane; p++) {
        let mean = 0;
        for (let c = 0; c < channels; c++) mean += images[c * plane + p]! / channels;
        for (let c = 0; c < channels; c++) images[c * plane + p] = (images[c * plane + p]! - mean) * saturation + mean;
      }
  if (contrast !== 1)
    for (let start = 0; start < images.length; start += size) {
      let mean = 0;
      for (let i = start; i < start + size; i++) mean += images[i]!;
      mean /= size;
      for (let i = start; i < start + size; i++) images[i] = (images[i]! - mean) * contrast + mean;
    }
}
