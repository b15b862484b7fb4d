import type { Corruption, Picture } from "./corruption.ts";
import { middleOf, sampled } from "./sample.ts";

/** Planes weighed with a Gaussian of a deviation, cut at four of them, row by row and column by column; borders repeat. */
export function smoothed(planes: Float64Array, height: number, width: number, sigma: number): Float64Array {
  const reach = Math.floor(4 * sigma + 0.5);
  const raw = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)));
  const weights = raw.map((w) => w / raw.reduce((a, b) => a + b));
  const along = (values: Float64Array, step: number, size: number, place: (i: number) => number) =>
    values.map((_, i) => {
      const at = place(i);
      let sum = 0;
      for (let k = -reach; k <= reach; k++) {
        const other = Math.min(size - 1, Math.max(0, at + k));
        sum += weights[k + reach]! * values[i + (other - at) * step]!;
      }
      return sum;
    });
  const rows = along(planes, width, height, (i) => Math.floor(i / width) % height);
  return along(rows, 1, width, (i) => i % width);
}

export const gaussianBlur: Corruption = {
  name: "gaussian-blur",
  title: "x weighed with a Gaussian of deviation σ",
  grey: [1, 2, 3, 4, 6],
  colour: [0.4, 0.6, 0.7, 0.8, 1],
  inPixels: true,
  apply: ({ pixels, height, width }, sigma) => smoothed(pixels, height, width, sigma),
};

/** Points along a side of a pixel by which the share of it within a disk is counted. */
const fine = 8;

/** Shares of pixels within a disk around the middle of one, by offset. */
function disk(radius: number): { dy: number; dx: number; weight: number }[] {
  const reach = Math.ceil(radius);
  const out: { dy: number; dx: number; weight: number }[] = [];
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++) {
      let inside = 0;
      for (let a = 0; a < fine; a++)
        for (let b = 0; b < fine; b++) {
          const [y, x] = [dy - 0.5 + (a + 0.5) / fine, dx - 0.5 + (b + 0.5) / fine];
          if (y * y + x * x <= radius * radius) inside++;
        }
      if (inside > 0) out.push({ dy, dx, weight: inside });
    }
  const all = out.reduce((sum, { weight }) => sum + weight, 0);
  return out.map(({ dy, dx, weight }) => ({ dy, dx, weight: weight / all }));
}

export const defocusBlur: Corruption = {
  name: "defocus-blur",
  title: "x weighed with a disk of radius r",
  grey: [1, 1.5, 2, 2.5, 3],
  colour: [0.6, 0.8, 1, 1.5, 2],
  inPixels: true,
  apply({ pixels, height, width }, radius) {
    const weights = disk(radius);
    return pixels.map((_, i) => {
      const [y, x] = [Math.floor(i / width) % height, i % width];
      const plane = i - y * width - x;
      let sum = 0;
      for (const { dy, dx, weight } of weights) {
        const row = Math.min(height - 1, Math.max(0, y + dy));
        const column = Math.min(width - 1, Math.max(0, x + dx));
        sum += weight * pixels[plane + row * width + column]!;
      }
      return sum;
    });
  },
};

/** Steps of a zoom that are laid over one another. */
const zooms = 6;

export const zoomBlur: Corruption = {
  name: "zoom-blur",
  title: "the mean of x and five enlargements of it, up to a factor",
  grey: [1.1, 1.2, 1.3, 1.4, 1.5],
  colour: [1.06, 1.11, 1.16, 1.21, 1.26],
  apply(picture, most) {
    const sum = new Float64Array(picture.pixels.length);
    for (let step = 0; step < zooms; step++) {
      const zoomed = enlarged(picture, 1 + ((most - 1) * step) / (zooms - 1));
      for (let i = 0; i < sum.length; i++) sum[i]! += zoomed[i]! / zooms;
    }
    return sum;
  },
};

function enlarged(picture: Picture, factor: number): Float64Array {
  const [cy, cx] = middleOf(picture);
  return sampled(picture, (y, x) => [cy + (y - cy) / factor, cx + (x - cx) / factor]);
}
