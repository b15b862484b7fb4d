import { badData } from "../badData.ts";
import type { PngChunks } from "./pngChunks.ts";

/** The fields of a PNG's header that the layout of its samples depends on. */
export type PngLayout = Pick<PngChunks, "width" | "height" | "depth" | "colour" | "interlaced">;

/** A pass over the pixels: it holds every `dx`-th column from `x0` and every `dy`-th row from `y0`. */
interface Pass {
  readonly x0: number;
  readonly y0: number;
  readonly dx: number;
  readonly dy: number;
}

const whole: readonly Pass[] = [{ x0: 0, y0: 0, dx: 1, dy: 1 }];
/** The seven passes of Adam7. */
const adam7: readonly Pass[] = [
  { x0: 0, y0: 0, dx: 8, dy: 8 },
  { x0: 4, y0: 0, dx: 8, dy: 8 },
  { x0: 0, y0: 4, dx: 4, dy: 8 },
  { x0: 2, y0: 0, dx: 4, dy: 4 },
  { x0: 0, y0: 2, dx: 2, dy: 4 },
  { x0: 1, y0: 0, dx: 2, dy: 2 },
  { x0: 0, y0: 1, dx: 1, dy: 2 },
];

/** The passes that hold any pixel, with their columns, rows, and bytes a row without the filter byte. */
function passesOf({ width, height, depth, colour, interlaced }: PngLayout) {
  return (interlaced ? adam7 : whole)
    .map((pass) => {
      const columns = Math.ceil((width - pass.x0) / pass.dx);
      return {
        ...pass,
        columns,
        rows: Math.ceil((height - pass.y0) / pass.dy),
        stride: Math.ceil((columns * colour.samples * depth) / 8),
      };
    })
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
}

/** The number of bytes that a PNG's pixel data inflates to: each row with a byte in front that names its filter. */
export function filteredBytes(layout: PngLayout): number {
  return passesOf(layout).reduce((sum, { rows, stride }) => sum + rows * (1 + stride), 0);
}

/**
 * The samples of all pixels as integers of `depth` bits, in reading order: [height, width, samples].
 *
 * @param filtered exactly {@link filteredBytes} bytes; the filters are undone in place
 * @throws AttarError "bad-data" for a filter that does not exist
 */
export function readSamples(filtered: Uint8Array, layout: PngLayout, where: string): Uint8Array | Uint16Array {
  const { width, height, depth, colour } = layout;
  const { samples } = colour;
  const out = depth === 16 ? new Uint16Array(width * height * samples) : new Uint8Array(width * height * samples);
  let at = 0;
  for (const { x0, y0, dx, dy, columns, rows, stride } of passesOf(layout)) {
    undoFilters(filtered.subarray(at, at + rows * (1 + stride)), stride, Math.ceil((samples * depth) / 8), where);
    for (let row = 0; row < rows; row++) {
      const line = filtered.subarray(at + 1, at + 1 + stride);
      at += 1 + stride;
      const base = (y0 + row * dy) * width + x0;
      for (let column = 0; column < columns; column++)
        for (let s = 0; s < samples; s++)
          out[(base + column * dx) * samples + s] = sampleAt(line, column * samples + s, depth);
    }
  }
  return out;
}

/** The `i`-th sample of a row; samples of less than a byte lie in it from the highest bit on. */
function sampleAt(line: Uint8Array, i: number, depth: number): number {
  if (depth === 8) return line[i]!;
  if (depth === 16) return line[2 * i]! * 256 + line[2 * i + 1]!;
  const bit = i * depth;
  return (line[bit >> 3]! >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
}

/** Undoes each row's filter in place. @param unit the bytes of a pixel, one at least: how far "left" is */
function undoFilters(bytes: Uint8Array, stride: number, unit: number, where: string): void {
  for (let start = 0, above = -1; start < bytes.length; above = start, start += 1 + stride) {
    const filter = bytes[start]!;
    if (filter > 4) throw badData(where, `a PNG row has filter ${filter}, which does not exist`);
    if (filter === 0) continue;
    for (let i = 1; i <= stride; i++) {
      const left = i > unit ? bytes[start + i - unit]! : 0;
      const up = above < 0 ? 0 : bytes[above + i]!;
      const corner = above < 0 || i <= unit ? 0 : bytes[above + i - unit]!;
      bytes[start + i]! += prediction(filter, left, up, corner);
    }
  }
}

function prediction(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
