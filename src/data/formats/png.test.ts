import { zlibSync } from "fflate";
import { describe, expect, test } from "vitest";
import { ramp } from "../../../test/fixtures/files/bytes.ts";
import { filteredRows, type PngPlan, pngChunk, pngFile } from "../../../test/fixtures/files/pngFile.ts";
import { nativeInflate } from "../node/nativeInflate.node.ts";
import { parsePng } from "./png.ts";

const types = [
  { name: "grey", type: 0, depths: [1, 2, 4, 8, 16] },
  { name: "RGB", type: 2, depths: [8, 16] },
  { name: "palette", type: 3, depths: [1, 2, 4, 8] },
  { name: "grey and alpha", type: 4, depths: [8, 16] },
  { name: "RGB and alpha", type: 6, depths: [8, 16] },
] as const;
const sizes = [
  [1, 1],
  [3, 2],
  [2, 5],
  [5, 9],
  [8, 8],
  [13, 17],
] as const;
const cases = types.flatMap(({ name, type, depths }) =>
  depths.flatMap((depth) =>
    [false, true].map(
      (interlaced) => [`${name} of ${depth} bits${interlaced ? ", interlaced" : ""}`, type, depth, interlaced] as const,
    ),
  ),
);

const colours = (n: number) => Uint8Array.from({ length: 3 * n }, (_, i) => (i * 53 + 7) % 256);

describe("every type of PNG, pixel by pixel", () => {
  test.each(cases)("%s", (_name, type, depth, interlaced) => {
    for (const [width, height] of sizes)
      for (const unpack of [undefined, nativeInflate]) {
        const sample = (x: number, y: number, s: number) => (x * 7919 + y * 104729 + s * 31 + 5) % 2 ** depth;
        const palette = type === 3 ? colours(2 ** depth) : undefined;
        const filter = (row: number) => row % 5;
        const read = parsePng(pngFile({ width, height, depth, type, interlaced, sample, palette, filter }), "f", {
          unpack,
        });
        const channels = type === 0 || type === 4 ? 1 : 3;
        const value = (c: number, x: number, y: number) => {
          if (palette) return palette[3 * sample(x, y, 0) + c]!;
          return depth < 8 ? (sample(x, y, c) * 255) / (2 ** depth - 1) : sample(x, y, c);
        };
        const expected = [];
        for (let c = 0; c < channels; c++)
          for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) expected.push(value(c, x, y));
        expect([read.channels, read.height, read.width]).toEqual([channels, height, width]);
        expect(read.data).toBeInstanceOf(depth === 16 ? Uint16Array : Uint8Array);
        expect([...read.data], `${width} x ${height}`).toEqual(expected);
      }
  });
});

const plan: PngPlan = { width: 6, height: 4, depth: 8, type: 0, sample: (x, y) => 40 * y + x };
const refused = (bytes: Uint8Array, message: RegExp) => {
  for (const unpack of [undefined, nativeInflate])
    expect(() => parsePng(bytes, "f", { unpack })).toThrow(
      expect.objectContaining({ code: "bad-data", message: expect.stringMatching(message) }),
    );
};

describe("refused", () => {
  test("pixel data cut short within the last row, at each byte", () => {
    const whole = filteredRows(plan);
    for (let length = 0; length < whole.length; length++)
      refused(
        pngFile({ ...plan, change: () => zlibSync(whole.slice(0, length)) }),
        /^f: the PNG is cut short \(\d+ of 28 bytes/,
      );
    expect(parsePng(pngFile(plan), "f").data.length).toBe(24);
  });
  test("pixel data that goes on", () => {
    refused(pngFile({ ...plan, change: () => zlibSync(new Uint8Array(29)) }), /inflates to more than 28 bytes/);
    refused(pngFile({ ...plan, change: () => zlibSync(new Uint8Array(2 ** 20)) }), /inflates to more than 28 bytes/);
  });
  test("a wrong Adler-32, a wrong CRC", () => {
    const adler = (packed: Uint8Array) => packed.with(packed.length - 1, packed.at(-1)! ^ 1);
    refused(pngFile({ ...plan, change: adler }), /damaged/);
    const bytes = pngFile({ ...plan, between: [pngChunk("tEXt", ramp(9))] });
    for (const at of [20, 45, bytes.length - 20]) refused(bytes.with(at, bytes[at]! ^ 1), /damaged/);
  });
  test("a filter, a colour, a depth, a part that do not exist; no palette; scattered pixel data", () => {
    refused(pngFile({ ...plan, change: () => zlibSync(new Uint8Array(28).fill(5)) }), /filter 5/);
    refused(pngFile({ ...plan, type: 3, palette: colours(9) }), /colour \d+, its palette fewer/);
    refused(pngFile({ ...plan, type: 3 }), /no palette/);
    refused(pngFile({ ...plan, type: 2, depth: 4 }), /colour type 2 with 4 bits/);
    refused(pngFile({ ...plan, between: [pngChunk("ABCD", ramp(3))] }), /a part that is not known/);
    refused(pngFile({ ...plan, between: [pngChunk("IDAT", ramp(3)), pngChunk("tEXt", ramp(3))] }), /scattered/);
  });
  test("more pixels than a small file may hold", () => {
    refused(pngFile({ ...plan, claims: [16384, 16384] }), /cannot hold 16384 x 16384 pixels/);
    refused(pngFile({ ...plan, claims: [0, 4] }), /cannot hold 0 x 4 pixels/);
    const between = [pngChunk("tEXt", new Uint8Array(50_000))];
    refused(pngFile({ ...plan, claims: [16000, 2500], between }), /would take more than 67108864 in memory/);
  });
});

test("a compressed colour profile is never unpacked", () => {
  const bomb = pngChunk("iCCP", Uint8Array.from([65, 0, 0, ...zlibSync(new Uint8Array(2 ** 24))]));
  const before = process.memoryUsage().arrayBuffers;
  const broken = pngChunk("iCCP", Uint8Array.of(65, 0, 0, 1, 2, 3));
  for (const chunk of [bomb, broken])
    expect(parsePng(pngFile({ ...plan, between: [chunk] }), "f")).toEqual(parsePng(pngFile(plan), "f"));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 23);
});
