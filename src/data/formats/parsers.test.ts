import fc from "fast-check";
import { encode } from "fast-png";
import { gzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { bytesOf, join, ramp } from "../../../test/fixtures/files/bytes.ts";
import { idx, mat, tar } from "../../../test/fixtures/files/oldFormats.ts";
import { AttarError } from "../../engine/errors.ts";
import { parseCsv } from "../csv/table.ts";
import { nativeInflate } from "../node/nativeInflate.node.ts";
import { parseCifar } from "./cifar.ts";
import { parseIdx } from "./idx.ts";
import { inflate } from "./inflate.ts";
import { encodeNpy, parseNpy } from "./npy.ts";
import { encodeNpz, parseNpz } from "./npz.ts";
import { encodePng, parsePng } from "./png.ts";
import { encodeSafetensors, parseSafetensors } from "./safetensors.ts";
import { parseSvhn } from "./svhn.ts";
import { parseTar } from "./tar.ts";
import { parseZip } from "./zip.ts";

const small = idx([4, 2, 2], ramp(16));
const samples: Record<string, { bytes: Uint8Array; parse: (bytes: Uint8Array) => unknown; anyTail?: boolean }> = {
  idx: { bytes: small, parse: (b) => parseIdx(b, "f") },
  "gzip, portable": { bytes: gzipSync(small), parse: (b) => inflate(b, "gzip", 1000, "f") },
  "gzip, native": { bytes: gzipSync(small), parse: (b) => nativeInflate(b, "gzip", 1000, "f") },
  cifar: {
    bytes: join(Uint8Array.of(3), ramp(3072)),
    parse: (b) => parseCifar([{ bytes: b, where: "f" }], "cifar-10"),
  },
  npy: { bytes: encodeNpy({ shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }), parse: (b) => parseNpy(b, "f") },
  npz: { bytes: encodeNpz({ a: { shape: [4], data: ramp(4) } }), parse: (b) => parseNpz(b, "f") },
  png: { bytes: encodePng({ channels: 3, height: 5, width: 4, data: ramp(60) }), parse: (b) => parsePng(b, "f") },
  safetensors: {
    bytes: encodeSafetensors({ a: { shape: [2], data: Float32Array.of(1, 2) } }, { k: "v" }),
    parse: (b) => parseSafetensors(b, "f"),
  },
  svhn: { bytes: mat([1, 10]), parse: (b) => parseSvhn(b, "f") },
  "svhn, native": { bytes: mat([1, 10]), parse: (b) => parseSvhn(b, "f", nativeInflate) },
  tar: { bytes: tar("x/a.bin", ramp(700)), parse: (b) => parseTar(b, ["a.bin"], "f"), anyTail: true },
  csv: {
    bytes: bytesOf("a,b,label\n1,2,x\n3,4,y\n"),
    parse: (b) => parseCsv(new TextDecoder().decode(b), "f"),
    anyTail: true,
  },
};

/** Parses or throws an AttarError that names the file; nothing else. */
function tolerates(parse: (bytes: Uint8Array) => unknown, bytes: Uint8Array): boolean {
  try {
    parse(bytes);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(AttarError);
    expect((error as AttarError).message).toMatch(/^f\b.*\.$/s);
    return false;
  }
}

describe.each(Object.entries(samples))("%s", (_name, { bytes, parse, anyTail }) => {
  test("reads its sample", () => expect(parse(bytes)).toBeDefined());
  test("refuses every truncation", () => {
    const cuts = Math.min(bytes.length, 400);
    for (let i = 0; i < cuts; i++) {
      const length = Math.floor((i / cuts) * bytes.length);
      const read = tolerates(parse, bytes.slice(0, length));
      if (!anyTail) expect(read, `cut to ${length} of ${bytes.length}`).toBe(false);
    }
  });
  test("never crashes on mutated bytes", () => {
    const edit = fc.tuple(fc.nat(bytes.length - 1), fc.oneof(fc.nat(255), fc.constantFrom(0, 127, 128, 255)));
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
        const mutated = bytes.slice();
        for (const [at, value] of edits) mutated[at] = value;
        tolerates(parse, mutated);
      }),
      { numRuns: 300 },
    );
  });
  test("never crashes on a mutated head", () => {
    const edit = fc.tuple(fc.nat(Math.min(bytes.length, 64) - 1), fc.constantFrom(0, 1, 2, 64, 127, 128, 254, 255));
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const mutated = bytes.slice();
        for (const [at, value] of edits) mutated[at] = value;
        tolerates(parse, mutated);
      }),
      { numRuns: 300 },
    );
  });
  test("never crashes on random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (random) => void tolerates(parse, random)),
      { numRuns: 200 },
    );
  });
});

describe("what is read", () => {
  test("IDX: dimensions and data; a product that overflows is refused", () => {
    expect(parseIdx(small, "f")).toEqual({ dims: [4, 2, 2], data: ramp(16) });
    const huge = 0xffffffff;
    expect(() => parseIdx(idx([huge, huge, huge, huge], ramp(4)), "f")).toThrow(
      /asks for .* bytes of data, the file has 4/,
    );
  });

  test("CIFAR: labels (CIFAR-100: the fine ones), and out of range", () => {
    const read = parseCifar([{ bytes: join(Uint8Array.of(5, 77), ramp(3072)), where: "f" }], "cifar-100");
    expect(read.labels).toEqual(Int32Array.of(77));
    expect(read.images).toEqual(ramp(3072));
    expect(() => samples.cifar!.parse(join(Uint8Array.of(10), ramp(3072)))).toThrow(
      "record 0 has label 10, out of range 0 to 9",
    );
  });

  test("SVHN: column-major bytes become planes by row, 10 becomes 0", () => {
    const { images, labels } = parseSvhn(mat([1, 10]), "f");
    expect(labels).toEqual(Int32Array.of(1, 0));
    const source = ramp(6144);
    // X[row, column, channel, n] column-major
    for (const [n, c, row, column] of [
      [0, 0, 0, 1],
      [0, 2, 5, 7],
      [1, 1, 31, 0],
    ] as const)
      expect(images[((n * 3 + c) * 32 + row) * 32 + column]).toBe(source[row + 32 * (column + 32 * (c + 3 * n))]);
    expect(() => parseSvhn(mat([1, 11]), "f")).toThrow("label 1 is 11, out of range 1 to 10");
  });

  test("npy: round trip of each type; Fortran order is turned, objects are refused", () => {
    for (const data of [
      ramp(6),
      Int32Array.of(-1, 2, 3, 4, 5, 6),
      BigInt64Array.of(-1n, 2n, 3n, 4n, 5n, 6n),
      Float64Array.of(1.5, 2, 3, 4, 5, 6),
    ])
      expect(parseNpy(encodeNpy({ shape: [2, 3], data }), "f")).toEqual({ shape: [2, 3], data });
    const swap = (from: string, to: string) =>
      Uint8Array.from(new TextDecoder("latin1").decode(samples.npy!.bytes).replace(from, to), (c) => c.charCodeAt(0));
    expect([...parseNpy(swap("False", "True "), "f").data]).toEqual([1, 3, 5, 2, 4, 6]);
    expect(() => parseNpy(swap("<f4", "|O8"), "f")).toThrow(/dtype "\|O8"/);
  });

  test("npz: round trip; a zip that claims an impossible size is refused", () => {
    const arrays = { x: { shape: [5000], data: new Uint8Array(5000) }, y: { shape: [2], data: Float32Array.of(1, 2) } };
    const bytes = encodeNpz(arrays);
    expect(Object.fromEntries(parseNpz(bytes, "f"))).toEqual(arrays);
    const view = new DataView(bytes.buffer);
    const directory = view.getUint32(bytes.length - 6, true);
    view.setUint32(directory + 24, 0xfffffff0, true);
    expect(() => parseZip(bytes, "f")).toThrow(/impossible size/);
  });

  test("PNG: 8 and 16 bits, grey, RGB, alpha, palette-free round trip; a JPEG is refused", () => {
    const grey = { channels: 1, height: 3, width: 5, data: ramp(15) } as const;
    expect(parsePng(encodePng(grey), "f")).toEqual(grey);
    const wide = encode({ width: 2, height: 1, channels: 1, depth: 16, data: Uint16Array.of(0x1234, 0xfedc) });
    expect(parsePng(wide, "f").data).toEqual(Uint16Array.of(0x1234, 0xfedc));
    const alpha = encode({ width: 1, height: 2, channels: 4, depth: 8, data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) });
    expect(parsePng(alpha, "f")).toEqual({ channels: 3, height: 2, width: 1, data: Uint8Array.of(1, 5, 2, 6, 3, 7) });
    expect(() => parsePng(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), "f")).toThrow(/JPEG/);
  });

  test("CSV: header or none, label column by name or last, quotes; what is wrong is named", () => {
    expect(parseCsv('label;"p;1";p2\ncat;1;2\ndog;3;4', "f")).toMatchObject({
      columns: ["p;1", "p2"],
      values: Float32Array.of(1, 2, 3, 4),
      features: 2,
      labels: ["cat", "dog"],
    });
    expect(parseCsv("1,2,0\n3,4,1\n", "f").labels).toEqual(["0", "1"]);
    expect(() => parseCsv("a,b,label\n1,nan,x\n2,3,y\n", "f")).toThrow(
      'line 2, column 2 (b): "nan" is not a finite number',
    );
    expect(() => parseCsv("0.5,,0\n2,3,1\n", "f")).toThrow("line 1, column 2: a missing value");
    expect(() => parseCsv("1,2,0\n1,2\n", "f")).toThrow("line 2 has 2 columns, line 1 has 3");
  });
});
