import { join } from "node:path";
import { encodePng } from "../../src/data/index.ts";
import { writeAtomic } from "../../src/data/node/writeAtomic.node.ts";

const side = 8;
const classes = ["blocks", "rings", "stripes"];

/** A number from 0 to 255 that depends on its arguments alone. */
function mixed(...numbers: readonly number[]): number {
  let state = 0x9e3779b9;
  for (const number of numbers) state = Math.imul(state ^ number, 0x85ebca6b) ^ (state >>> 13);
  return (state >>> 16) & 255;
}

/** The brightness from 0 to 255 of a pixel of a class, before noise. */
function pattern(name: string, x: number, y: number, phase: number): number {
  if (name === "blocks") return (((x + phase) >> 1) + (y >> 1)) % 2 ? 200 : 40;
  if (name === "stripes") return (x + phase) % 4 < 2 ? 200 : 40;
  return Math.round(Math.hypot(x - 3.5, y - 3.5) + phase) % 3 ? 60 : 190;
}

/**
 * Writes a folder of small colour images, three classes of 24 training and 8 test images of 8x8 pixels, the same bytes each time.
 */
export async function writeColourFolder(folder: string): Promise<void> {
  for (const [split, count] of [
    ["train", 24],
    ["test", 8],
  ] as const)
    for (const [c, name] of classes.entries())
      for (let i = 0; i < count; i++) {
        const data = new Uint8Array(3 * side * side);
        for (let channel = 0; channel < 3; channel++)
          for (let y = 0; y < side; y++)
            for (let x = 0; x < side; x++) {
              const key = [c, i, channel, y, x, split === "train" ? 1 : 2];
              const tint = channel === c ? 1 : 0.6;
              const value = tint * pattern(name, x, y, mixed(c, i) % 4) + mixed(...key) / 8;
              data[(channel * side + y) * side + x] = Math.min(255, Math.round(value));
            }
        await writeAtomic(
          join(folder, split, name, `${i}.png`),
          encodePng({ channels: 3, height: side, width: side, data }),
        );
      }
}
