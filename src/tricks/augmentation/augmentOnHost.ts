import type { Draw } from "./draw.ts";
import { isStill, resampling } from "./resampling.ts";

/**
 * Augments images that need no gradient, in place of the traced form and with the same numbers.
 *
 * @param images [n, C, H, W], normalised; left unchanged. @param draws one draw for all images, or one per image.
 * @returns a new array of the same size.
 */
export function augmentOnHost(
  images: Float32Array,
  [channels, height, width]: readonly [number, number, number],
  draws: readonly Draw[],
): Float32Array {
  const plane = height * width;
  const size = channels * plane;
  const count = images.length / size;
  const out = new Float32Array(images.length);
  const shared = draws.length === 1 && !isStill(draws[0]!) ? resampling(draws[0]!, height, width) : undefined;
  for (let n = 0; n < count; n++) {
    const draw = draws.length === 1 ? draws[0]! : draws[n]!;
    let from = images.subarray(n * size, (n + 1) * size);
    if (draw.colourFirst) {
      from = from.slice();
      recolour(from, channels, plane, draw);
    }
    const to = out.subarray(n * size, (n + 1) * size);
    if (isStill(draw)) to.set(from);
    else {
      const map = shared ?? resampling(draw, height, width);
      for (let c = 0; c < channels; c++)
        resample(from.subarray(c * plane, (c + 1) * plane), to.subarray(c * plane, (c + 1) * plane), map);
    }
    if (!draw.colourFirst) recolour(to, channels, plane, draw);
  }
  return out;
}

function resample(from: Float32Array, to: Float32Array, { index, weight }: ReturnType<typeof resampling>): void {
  for (let p = 0; p < to.length; p++) {
    const k = 4 * p;
    to[p] =
      weight[k]! * from[index[k]!]! +
      weight[k + 1]! * from[index[k + 1]!]! +
      weight[k + 2]! * from[index[k + 2]!]! +
      weight[k + 3]! * from[index[k + 3]!]!;
  }
}

/** Brightness, then saturation, then contrast. */
function recolour(image: Float32Array, channels: number, plane: number, draw: Draw): void {
  if (draw.brightness !== 0) for (let i = 0; i < image.length; i++) image[i] = image[i]! + draw.brightness;
  if (draw.saturation !== 1 && channels > 1)
    for (let p = 0; p < plane; p++) {
      let mean = 0;
      for (let c = 0; c < channels; c++) mean += image[c * plane + p]! / channels;
      for (let c = 0; c < channels; c++) image[c * plane + p] = (image[c * plane + p]! - mean) * draw.saturation + mean;
    }
  if (draw.contrast !== 1) {
    let mean = 0;
    for (const v of image) mean += v;
    mean /= image.length;
    for (let i = 0; i < image.length; i++) image[i] = (image[i]! - mean) * draw.contrast + mean;
  }
}
