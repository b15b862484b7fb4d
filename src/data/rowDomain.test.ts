import { describe, expect, test } from "vitest";
import { imagesOfArray } from "./imageArrays.ts";
import { parsePictureSize } from "./readOptions.ts";
import { type Rows, rowDomain } from "./rowDomain.ts";

const named = (n: number, name: (i: number) => string) => Array.from({ length: n }, (_, i) => name(i));
const bytes = (n: number) => Uint8Array.from({ length: n }, (_, i) => (i * 37) % 256);
const rows = (features: number, names?: readonly string[], values: Rows["values"] = bytes(features)): Rows => ({
  features,
  values,
  ...(names && { names }),
  range: [Math.min(...values), Math.max(...values)],
});
const shape = (of: Rows) => rowDomain(of, "f", {}).shape;
const grey = (n: number) => Float32Array.from(bytes(n), (v) => v / 255);
const smooth = (n: number) => Float32Array.from(bytes(n), (v) => ((v * 31) % 97) / 97);

describe("rows are pictures", () => {
  test.each<[string, Rows, number[]]>([
    [
      "pixel0 … of bytes",
      rows(
        64,
        named(64, (i) => `pixel${i}`),
      ),
      [1, 8, 8],
    ],
    [
      "pixel0 … of floats",
      rows(
        784,
        named(784, (i) => `pixel${i}`),
        smooth(784),
      ),
      [1, 28, 28],
    ],
    [
      "pixel_0_0 …, not square",
      rows(
        12,
        named(12, (i) => `pixel_${Math.floor(i / 4)}_${i % 4}`),
      ),
      [1, 3, 4],
    ],
    [
      "1x1 …",
      rows(
        16,
        named(16, (i) => `${Math.floor(i / 4) + 1}x${(i % 4) + 1}`),
      ),
      [1, 4, 4],
    ],
    [
      "pixel0 … of three colours",
      rows(
        192,
        named(192, (i) => `pixel${i}`),
      ),
      [3, 8, 8],
    ],
    ["784 bytes without names", rows(784), [1, 28, 28]],
    [
      "784 names that count",
      rows(
        784,
        named(784, (i) => `v${i + 1}`),
      ),
      [1, 28, 28],
    ],
    ["784 numbers as names", rows(784, named(784, String)), [1, 28, 28]],
    ["3072 bytes without names", rows(3072), [3, 32, 32]],
    ["784 255ths without names", rows(784, undefined, grey(784)), [1, 28, 28]],
  ])("%s", (_, of, expected) => expect(shape(of)).toEqual(expected));
});

describe("rows are a table", () => {
  test.each<[string, Rows]>([
    [
      "16 whole numbers with names of their own",
      rows(
        16,
        named(16, (i) => `m${i}`),
      ),
    ],
    ["36 whole numbers without names", rows(36)],
    [
      "784 words",
      rows(
        784,
        named(784, (i) => `word ${String.fromCharCode(97 + (i % 26))}${i}`),
      ),
    ],
    ["784 floats that are no 255ths", rows(784, undefined, smooth(784))],
    [
      "784 whole numbers of 0 to 10",
      rows(
        784,
        undefined,
        Uint8Array.from({ length: 784 }, (_, i) => i % 11),
      ),
    ],
    [
      "pixels that fill no square",
      rows(
        60,
        named(60, (i) => `pixel${i}`),
      ),
    ],
    ["13 decimals", rows(13, undefined, smooth(13))],
  ])("%s", (_, of) => expect(shape(of)).toEqual([of.features, 1, 1]));
  test("where it could be otherwise the option is named", () => {
    expect(rowDomain(rows(16), "f", {}).note).toMatch(/--images 4x4 reads pictures/);
    expect(rowDomain(rows(784, undefined, smooth(784)), "f", {}).note).toMatch(/--images 28x28/);
    expect(rowDomain(rows(784), "f", {}).note).toMatch(/--table reads features/);
  });
});

describe("options", () => {
  test("--table and --images decide", () => {
    expect(rowDomain(rows(784), "f", { table: true }).shape).toEqual([784, 1, 1]);
    expect(rowDomain(rows(12), "f", { images: "3x4" })).toEqual({ shape: [1, 3, 4], interleaved: false });
    expect(() => rowDomain(rows(13), "f", { images: "3x4" })).toThrow("a row has 13 numbers, pictures of 3x4 have 12");
  });
  test("sizes", () => {
    expect(parsePictureSize("28x28x1")).toEqual({ shape: [1, 28, 28], interleaved: false });
    expect(parsePictureSize("5x4x3")).toEqual({ shape: [3, 5, 4], interleaved: true });
    expect(parsePictureSize("3x5x4")).toEqual({ shape: [3, 5, 4], interleaved: false });
    for (const wrong of ["28", "28x28x4", "0x5", "axb", "28x"])
      expect(() => parsePictureSize(wrong), wrong).toThrow("--images takes the size of a picture");
  });
  test("colours side by side are put one after the other", () => {
    const data = Uint8Array.of(1, 10, 100, 2, 20, 200);
    const read = (images: string) => [...imagesOfArray({ shape: [1, 6], data }, "f", { images }).images];
    expect([read("1x2x3"), read("3x1x2")]).toEqual([
      [1, 2, 10, 20, 100, 200],
      [1, 10, 100, 2, 20, 200],
    ]);
  });
});
