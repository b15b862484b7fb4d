import type { Pixels } from "./pixels.ts";

/**
 * An image turned and mirrored as Exif's orientation says, so that it stands upright: 2 mirrored, 3 upside down, 4 both, 5 to 8
 * on its side.
 */
export function turned(image: Pixels, orientation: number): Pixels {
  if (orientation < 2 || orientation > 8) return image;
  const { channels, height, width, data, interleaved } = image;
  const side = orientation > 4;
  const [high, wide] = side ? [width, height] : [height, width];
  /** The place, among those of the stored image, of the first pixel, and the steps to the next one down and across. */
  const [last, below] = [width - 1, (height - 1) * width];
  const [start, down, across] = (
    {
      2: [last, width, -1],
      3: [below + last, -width, -1],
      4: [below, -width, 1],
      5: [0, 1, width],
      6: [below, 1, -width],
      7: [below + last, -1, -width],
      8: [last, -1, width],
    } as const satisfies Record<number, readonly [number, number, number]>
  )[orientation as 2]!;
  const [pixel, colour] = interleaved ? [channels, 1] : [1, height * width];
  const out = data instanceof Uint16Array ? new Uint16Array(data.length) : new Uint8Array(data.length);
  for (let y = 0; y < high; y++)
    for (let x = 0; x < wide; x++) {
      const [to, from] = [(y * wide + x) * pixel, (start + y * down + x * across) * pixel];
      for (let c = 0; c < channels; c++) out[to + c * colour] = data[from + c * colour]!;
    }
  const { stored } = image;
  const as = stored && side ? { stored: { height: stored.width, width: stored.height } } : {};
  return { ...image, height: high, width: wide, data: out, ...as };
}
