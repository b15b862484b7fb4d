import { size } from "../engine/tensor.ts";
import type { CondensedSet } from "./dataset.ts";
import type { PlanarImage } from "./formats/png.ts";
import { denormalise } from "./normalise.ts";

/** A condensed image as a person looks at it. */
export interface Picture {
  readonly image: PlanarImage;
  readonly label: number;
  /** Its number within its class, from 0. */
  readonly k: number;
}

/** Smallest side of an image in the grid, in pixels: smaller ones are enlarged by a whole factor. */
const gridSide = 96;
/** The grid's width in pixels that no enlarging exceeds. */
const gridWidth = 4096;
const gap = 2;

/** The set's images un-normalised to bytes, in order. Images of other than 1 or 3 channels show their first, as grey. */
export function pictures(set: Pick<CondensedSet, "images" | "shape" | "labels" | "normalisation">): Picture[] {
  const [stored, height, width] = set.shape;
  const channels = stored === 3 ? 3 : 1;
  const values = denormalise(set.images, set.shape, set.normalisation);
  const row = size(set.shape);
  const seen = new Map<number, number>();
  return Array.from(set.labels, (label, i) => {
    const data = new Uint8Array(channels * height * width);
    for (let p = 0; p < data.length; p++) data[p] = Math.round(values[i * row + p]! * 255);
    const k = seen.get(label) ?? 0;
    seen.set(label, k + 1);
    return { image: { channels, height, width, data }, label, k };
  });
}

/** One picture of all: a row a class in order, its images from left to right, enlarged so that a person sees them, less where there are many. */
export function grid(all: readonly Picture[]): PlanarImage {
  const first = all[0]!.image;
  const { channels, height, width } = first;
  const rows = [...new Set(all.map(({ label }) => label))].sort((a, b) => a - b);
  const columns = Math.max(...all.map(({ k }) => k)) + 1;
  const most = Math.floor(((gridWidth - gap) / columns - gap) / width);
  const factor = Math.max(1, Math.min(most, Math.ceil(gridSide / Math.max(height, width))));
  const [cellHeight, cellWidth] = [height * factor + gap, width * factor + gap];
  const [tall, wide] = [rows.length * cellHeight + gap, columns * cellWidth + gap];
  const data = new Uint8Array(channels * tall * wide).fill(255);
  for (const { image, label, k } of all) {
    const [top, left] = [rows.indexOf(label) * cellHeight + gap, k * cellWidth + gap];
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < height * factor; y++) {
        const from = (c * height + Math.floor(y / factor)) * width;
        const to = (c * tall + top + y) * wide + left;
        for (let x = 0; x < width * factor; x++) data[to + x] = image.data[from + Math.floor(x / factor)]!;
      }
  }
  return { channels, height: tall, width: wide, data };
}
