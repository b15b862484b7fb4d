import { expect, test } from "vitest";
import { bmpFile } from "../../../test/fixtures/files/bmpFile.ts";
import { join } from "../../../test/fixtures/files/bytes.ts";
import { parseBmp } from "./bmp.ts";

/** A palette of greys 0, 10, 20, … */
const greys = join(...Array.from({ length: 16 }, (_, i) => Uint8Array.of(10 * i, 10 * i, 10 * i, 0)));
const grey = { palette: greys, width: 4, height: 2 };
const read = (plan: Parameters<typeof bmpFile>[0]) => parseBmp(bmpFile(plan), "f.bmp");

test("runs of 8 bits: runs, plain pieces with padding, moves, ends of rows; the lowest row first", () => {
  const pixels = Uint8Array.of(3, 5, 1, 6, 0, 0, 0, 3, 1, 2, 3, 0, 0, 1);
  expect([...read({ ...grey, bits: 8, method: 1, pixels }).data]).toEqual([10, 20, 30, 0, 50, 50, 50, 60]);
  const moved = Uint8Array.of(0, 2, 2, 1, 1, 7, 0, 1);
  expect([...read({ ...grey, bits: 8, method: 1, pixels: moved }).data]).toEqual([0, 0, 70, 0, 0, 0, 0, 0]);
});

test("runs of 4 bits alternate between two colours", () => {
  const pixels = Uint8Array.of(4, 0x12, 0, 0, 0, 4, 0x34, 0x56, 0, 1);
  const { channels, data } = read({ ...grey, bits: 4, method: 2, pixels });
  expect([channels, ...data]).toEqual([1, 30, 40, 50, 60, 10, 20, 10, 20]);
});

test("16 bits: 5 of each colour, or as the masks say; the uppermost row first where the height is below 0", () => {
  const pixels = new Uint8Array(Uint16Array.of(0x7c00, 0x03e0, 0x001f, 0xffff).buffer);
  expect([...read({ width: 2, height: -2, bits: 16, pixels }).data]).toEqual([
    255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255,
  ]);
  const masked = read({ width: 2, height: -2, bits: 16, method: 3, masks: [0xf800, 0x07e0, 0x001f], pixels });
  expect([...masked.data.subarray(0, 4)]).toEqual([123, 0, 0, 255]);
});

test.each([
  [
    "a run that leaves the image",
    { ...grey, bits: 8, method: 1, pixels: Uint8Array.of(5, 1, 0, 1) },
    /leaves the image/,
  ],
  ["runs without an end", { ...grey, bits: 8, method: 1, pixels: Uint8Array.of(1, 1) }, /no end of its runs/],
  ["too few pixels", { width: 9, height: 9, bits: 24, pixels: new Uint8Array(9) }, /cut short/],
  ["a gigabyte", { width: 60000, height: 60000, bits: 24, pixels: new Uint8Array(9) }, /claims 60000 x 60000 pixels/],
  [
    "a colour beyond the palette",
    { width: 1, height: 1, bits: 8, palette: greys.slice(0, 8), pixels: Uint8Array.of(9, 0, 0, 0) },
    /its palette fewer/,
  ],
  ["JPEG inside", { ...grey, bits: 24, method: 4, pixels: new Uint8Array(9) }, /compression 4 is not read/],
] as const)("refused: %s", (_, plan, message) => {
  expect(() => read(plan)).toThrow(message);
});
