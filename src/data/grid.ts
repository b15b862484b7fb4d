import type { PlanarImage } from "./formats/png.ts";
import { maxSide } from "./formats/pngChunks.ts";
import type { Picture } from "./pictures.ts";

/** Smallest side of an image in the grid, in pixels: smaller ones are enlarged by a whole factor. */
const seen = 96;
/** The grid's width in pixels that no enlarging exceeds. */
const enlargedWidth = 4096;
/** The most pixels a grid has: 192 MiB in colour. */
const most = 1 << 26;
const gap = 2;

/** The layout of a grid's pictures: `blocks` columns of classes side by side, `down` classes in each. */
interface Layout {
  readonly factor: number;
  readonly blocks: number;
  readonly down: number;
  /** Pictures of a class that are shown. */
  readonly across: number;
}

/**
 * One picture of all: a row a class in order, its images from left to right, enlarged so that a person sees them, less where
 * there are many. Classes that would make it taller than a PNG may be stand in several blocks side by side; what does not
 * fit even so, the last images of every class or the last classes, is left out.
 */
export function grid(all: readonly Picture[]): PlanarImage {
  const first = all[0]!.image;
  const { channels, height, width } = first;
  const rows = [...new Set(all.map(({ label }) => label))].sort((a, b) => a - b);
  const row = new Map(rows.map((label, i) => [label, i]));
  const columns = Math.max(...all.map(({ k }) => k)) + 1;
  const { factor, blocks, down, across } = layout(rows.length, columns, height, width);
  const [cellHeight, cellWidth] = [height * factor + gap, width * factor + gap];
  const [tall, wide] = [down * cellHeight + gap, blocks * across * cellWidth + gap];
  const data = new Uint8Array(channels * tall * wide).fill(255);
  for (const { image, label, k } of all) {
    const r = row.get(label)!;
    const block = Math.floor(r / down);
    if (k >= across || block >= blocks) continue;
    const [top, left] = [(r % down) * cellHeight + gap, (block * across + k) * cellWidth + gap];
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < height * factor; y++) {
        const from = (c * height + Math.floor(y / factor)) * width;
        const to = (c * tall + top + y) * wide + left;
        for (let x = 0; x < width * factor; x++) data[to + x] = image.data[from + Math.floor(x / factor)]!;
      }
  }
  return { channels, height: tall, width: wide, data };
}

function layout(rows: number, columns: number, height: number, width: number): Layout {
  const fitting = Math.floor(((enlargedWidth - gap) / columns - gap) / width);
  const largest = Math.max(1, Math.min(fitting, Math.ceil(seen / Math.max(height, width))));
  const one = { factor: largest, blocks: 1, down: rows, across: columns };
  if (fits(one, height, width)) return one;
  for (let factor = largest; factor >= 1; factor--) {
    const found = squarest(factor, rows, columns, height, width);
    if (found) return found;
  }
  for (let across = columns - 1; across >= 1; across--) {
    const found = squarest(1, rows, across, height, width);
    if (found) return found;
  }
  const side = Math.sqrt(most);
  const [down, blocks] = [height, width].map((d) => Math.max(1, Math.floor((side - gap) / (d + gap))));
  return { factor: 1, across: 1, down: down!, blocks: blocks! };
}

/** The layout in blocks that is nearest to a square; undefined where none fits. */
function squarest(factor: number, rows: number, across: number, height: number, width: number): Layout | undefined {
  const [cellHeight, cellWidth] = [height * factor + gap, width * factor + gap];
  const wanted = Math.sqrt((rows * cellHeight) / (across * cellWidth));
  const blocks = Math.max(1, Math.min(rows, Math.round(wanted)));
  const made = { factor, blocks, down: Math.ceil(rows / blocks), across };
  return fits(made, height, width) ? made : undefined;
}

function fits({ factor, blocks, down, across }: Layout, height: number, width: number): boolean {
  const tall = down * (height * factor + gap) + gap;
  const wide = blocks * across * (width * factor + gap) + gap;
  return tall <= maxSide && wide <= maxSide && tall * wide <= most;
}
