import type { Picture } from "./corruption.ts";

/**
 * An image looked at elsewhere: pixel (y, x) shows what lies at `from(y, x)`, between pixels by the four around it; beyond the border
 * the nearest pixel.
 */
export function sampled(
  { channels, height, width, pixels }: Picture,
  from: (y: number, x: number) => readonly [y: number, x: number],
): Float64Array {
  const out = new Float64Array(pixels.length);
  const plane = height * width;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [fromY, fromX] = from(y, x);
      const [top, down] = between(fromY, height);
      const [left, across] = between(fromX, width);
      const [bottom, right] = [Math.min(height - 1, top + 1), Math.min(width - 1, left + 1)];
      for (let c = 0; c < channels; c++) {
        const at = (row: number, column: number) => pixels[c * plane + row * width + column]!;
        const above = at(top, left) * (1 - across) + at(top, right) * across;
        const below = at(bottom, left) * (1 - across) + at(bottom, right) * across;
        out[c * plane + y * width + x] = above * (1 - down) + below * down;
      }
    }
  return out;
}

/** The pixel before a place on a line, and how far beyond it the place is. */
function between(place: number, size: number): [pixel: number, beyond: number] {
  const inside = Math.min(size - 1, Math.max(0, place));
  const pixel = Math.min(size - 1, Math.floor(inside));
  return [pixel, inside - pixel];
}

/** The middle of an image, between pixels where its sides are even. */
export const middleOf = ({ height, width }: Picture): readonly [y: number, x: number] => [
  (height - 1) / 2,
  (width - 1) / 2,
];
