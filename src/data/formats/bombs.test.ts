import { deflateSync, gzipSync, zlibSync } from "fflate";
import { describe, expect, test } from "vitest";
import { bytesOf, join, ramp, u32 } from "../../../test/fixtures/files/bytes.ts";
import { stored, zipFile } from "../../../test/fixtures/files/zipFile.ts";
import { nativeInflate } from "../node/nativeInflate.node.ts";
import { crc32 } from "./crc32.ts";
import { inflate } from "./inflate.ts";
import { inflateLimit } from "./inflateLimit.ts";
import { parseMatlab } from "./matlab.ts";
import { encodeNpy } from "./npy.ts";
import { parseNpz } from "./npz.ts";
import { parseSafetensors } from "./safetensors.ts";
import { parseStrictJson } from "./strictJson.ts";
import { parseZip } from "./zip.ts";

const MiB = 2 ** 20;
const refusal = (message: RegExp) =>
  expect.objectContaining({ code: "bad-data", message: expect.stringMatching(message) });
const cpuSeconds = () => (({ user, system }) => (user + system) / 1e6)(process.cpuUsage());
/** Refuses in less than two seconds of processor time, with less than 160 MiB more of memory for bytes. */
function refuses(parse: () => unknown, message: RegExp) {
  const [start, before] = [cpuSeconds(), process.memoryUsage().arrayBuffers];
  expect(parse).toThrow(refusal(message));
  expect(cpuSeconds() - start).toBeLessThan(2);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(160 * MiB);
}

test("a file may inflate to 64 MiB, a larger one to 64 times its size, none to more than 4 GiB", () => {
  expect([0, 100, MiB, 10 * MiB, 2 ** 31].map((packed) => inflateLimit(packed))).toEqual(
    [64, 64, 64, 640, 4096].map((n) => n * MiB),
  );
});

describe.each([
  ["portable", inflate],
  ["native", nativeInflate],
] as const)("inflating, %s", (_name, unpack) => {
  const content = ramp(1000);
  const packed = { gzip: gzipSync(content), zlib: zlibSync(content), raw: deflateSync(content) };
  test.each(["gzip", "zlib", "raw"] as const)("%s: up to the limit, and not a byte more", (wrapping) => {
    expect(unpack(packed[wrapping], wrapping, 1000, "f")).toEqual(content);
    for (const limit of [999, 1, 0])
      refuses(() => unpack(packed[wrapping], wrapping, limit, "f"), /^f: inflates to more than \d+ bytes\.$/);
  });
  test("checksums of gzip and zlib are compared", () => {
    const flipped = (bytes: Uint8Array, fromEnd: number) => bytes.with(bytes.length - fromEnd, bytes.at(-fromEnd)! ^ 1);
    refuses(() => unpack(flipped(packed.gzip, 8), "gzip", 1000, "f"), /damaged/);
    refuses(() => unpack(flipped(packed.zlib, 1), "zlib", 1000, "f"), /damaged/);
  });
  test("a megabyte that would become a gigabyte is given up in time", () => {
    const bomb = gzipBomb(300);
    refuses(() => unpack(bomb, "gzip", inflateLimit(bomb.length), "f"), /inflates to more than 67108864 bytes/);
  });
});

describe("zip", () => {
  const array = encodeNpy({ shape: [64], data: ramp(64) });
  test("entries one after another are read; entries that share bytes are not", () => {
    expect([...parseNpz(zipFile([stored("a.npy", array), stored("b.npy", array)]), "f").keys()]).toEqual(["a", "b"]);
    const shared = Array.from({ length: 60 }, (_, i) => ({
      ...stored(`${i}.npy`, array),
      ...(i > 0 && { sameAs: 0 }),
    }));
    refuses(() => parseNpz(zipFile(shared), "f"), /^f: the zip entries 0\.npy and 1\.npy overlap\.$/);
  });
  test("an entry within another one", () => {
    const inner = zipFile([stored("in", ramp(9))]).subarray(0, 41);
    const outer = stored("out", join(inner, ramp(9)));
    // The second points into the bytes of the first, which hold a header of their own.
    const entries = [outer, { ...stored("in", ramp(9)), sameAs: 0, earlier: -33 }];
    refuses(() => parseZip(zipFile(entries), "f"), /overlap/);
  });
  test("many entries that each stay below the limit", () => {
    const zeros = new Uint8Array(8 * MiB);
    const entry = { packed: deflateSync(zeros), deflated: true, size: zeros.length, crc: crc32(zeros) };
    const entries = Array.from({ length: 9 }, (_, i) => ({ name: `${i}.npy`, ...entry }));
    const bytes = zipFile(entries);
    refuses(() => parseNpz(bytes, "f"), /^f: its \d+ bytes would inflate to 75497472\.$/);
    expect(parseZip(zipFile(entries.slice(0, 2)), "f", nativeInflate).size).toBe(2);
  });
  test("an entry that is longer than the directory says", () => {
    const zeros = new Uint8Array(8 * MiB);
    const entry = { name: "a", packed: deflateSync(zeros), deflated: true, size: 100, crc: 0 };
    const bytes = zipFile([entry]);
    refuses(() => parseZip(bytes, "f"), /inflates to more than 100 bytes/);
  });
});

test("an array of short numbers is counted as the float32 that it becomes", () => {
  const array = (bytes: Int8Array | Uint8Array) => {
    // The writer of .npy knows no int8: its header is that of as many bytes, renamed.
    const npy = encodeNpy({ shape: [bytes.length], data: new Uint8Array(bytes.buffer) });
    const at =
      bytes instanceof Int8Array ? new TextDecoder("latin1").decode(npy.subarray(0, 80)).indexOf("|u1") + 1 : -1;
    return at > 0 ? npy.with(at, "i".charCodeAt(0)) : npy;
  };
  const packed = (npy: Uint8Array) =>
    zipFile([{ name: "x.npy", packed: deflateSync(npy), deflated: true, size: npy.length, crc: crc32(npy) }]);
  const [signed, unsigned] = [new Int8Array(20 * MiB), new Uint8Array(20 * MiB)].map((own) => packed(array(own)));
  expect(parseNpz(unsigned!, "f", nativeInflate).get("x")?.data.length).toBe(20 * MiB);
  refuses(() => parseNpz(signed!, "f", nativeInflate), /would take more than 67108864 in memory/);
  const texts = encodeNpy({ shape: [2 * MiB], data: new Uint8Array(2 * MiB) });
  const at = new TextDecoder("latin1").decode(texts.subarray(0, 80)).indexOf("|u1");
  refuses(() => parseNpz(packed(texts.with(at + 1, "S".charCodeAt(0))), "f", nativeInflate), /would take more than/);
  expect(parseNpz(packed(array(Int8Array.of(-1, 2))), "f").get("x")?.data).toEqual(Int8Array.of(-1, 2));
});

describe("MATLAB", () => {
  const element = (type: number, data: Uint8Array) =>
    join(u32(type, data.length), data, new Uint8Array((8 - (data.length % 8)) % 8));
  const file = (...elements: Uint8Array[]) => {
    const head = new Uint8Array(128);
    head.set([0, 1, 0x49, 0x4d], 124);
    return join(head, ...elements);
  };
  const matrix = (name: string, values: Uint8Array) =>
    element(
      14,
      join(element(6, u32(8, 0)), element(5, u32(values.length, 1)), element(1, bytesOf(name)), element(1, values)),
    );
  const compressed = (inner: Uint8Array) => {
    const packed = zlibSync(inner);
    return join(u32(15, packed.length), packed);
  };
  test("signed bytes widen to numbers, as many as the file's size warrants", () => {
    expect(parseMatlab(file(matrix("v", Uint8Array.of(1, 255))), "f").get("v")?.data).toEqual(Float64Array.of(1, -1));
    const many = compressed(matrix("v", new Uint8Array(12 * MiB)));
    refuses(() => parseMatlab(file(many), "f", nativeInflate), /"v" are too many/);
  });
  test("elements together are held to the limit, and each name is there once", () => {
    const some = (name: string) => compressed(matrix(name, new Uint8Array(3 * MiB)));
    const three = file(some("a"), some("b"), some("c"));
    refuses(() => parseMatlab(three, "f", nativeInflate), /too many|inflates to more/);
    refuses(() => parseMatlab(file(matrix("a", ramp(3)), matrix("a", ramp(3))), "f"), /two MATLAB arrays named "a"/);
  });
});

describe("JSON and .safetensors headers", () => {
  const file = (header: string) => {
    const json = bytesOf(header);
    return join(u32(json.length, 0), json);
  };
  test("long strings are read, in time", () => {
    const long = "x".repeat(7 * MiB);
    const start = cpuSeconds();
    expect(parseSafetensors(file(JSON.stringify({ __metadata__: { long } })), "f").metadata.long).toBe(long);
    const escapes = '\\"'.repeat(5 * MiB);
    expect(parseStrictJson(`["${escapes}"]`, "f")).toEqual(['"'.repeat(5 * MiB)]);
    expect(cpuSeconds() - start).toBeLessThan(3);
    refuses(() => parseStrictJson(`{"${long}":1,"${long}":2}`, "f"), /^f: has the key "x{100}…" twice\.$/);
  });
  test("deep nesting, also where it is no JSON, and brackets within strings", () => {
    refuses(() => parseStrictJson("[".repeat(8 * MiB), "f"), /nested deeper than 64/);
    refuses(() => parseStrictJson(`${'{"a":'.repeat(65)}1`, "f"), /nested deeper than 64/);
    expect(parseStrictJson(`["${"[".repeat(100)}", "\\"[{", "\\\\"]`, "f")).toHaveLength(3);
    refuses(() => parseStrictJson('["\\', "f"), /not valid JSON/);
    refuses(() => parseStrictJson('{"a":"', "f"), /not valid JSON/);
  });
  test("a header of many thousand keys", () => {
    const header = Object.fromEntries(
      Array.from({ length: 40_000 }, (_, i) => [`t${i}`, { dtype: "U8", shape: [0], data_offsets: [0, 0] }]),
    );
    expect(parseSafetensors(file(JSON.stringify(header)), "f").tensors.size).toBe(40_000);
    refuses(() => parseSafetensors(file(`{${" ".repeat(9 * MiB)}}`), "f"), /header claims \d+ bytes/);
  });
  test("messages stay short, whatever the names", () => {
    const name = "n".repeat(MiB);
    expect(() => parseSafetensors(file(JSON.stringify({ [name]: 1 })), "f")).toThrow(/^.{1,600}$/);
    expect(() => parseSafetensors(file(JSON.stringify({ a: { dtype: name, shape: [] } })), "f")).toThrow(/^.{1,600}$/);
    const shape = Array(MiB / 4).fill(1);
    expect(() => parseSafetensors(file(JSON.stringify({ a: { dtype: "U8", shape } })), "f")).toThrow(/^.{1,600}$/);
  });
});

/** A gzip member of so many MiB of zeros, of some hundred kilobytes: one deflated MiB, repeated. */
function gzipBomb(mebibytes: number): Uint8Array {
  const one = deflateSync(new Uint8Array(MiB), { level: 9 });
  // A block of deflate that is not the last one may be followed by any other.
  const open = one.with(0, one[0]! & 0xfe);
  const aligned = join(open, Uint8Array.of(0, 0, 0, 255, 255));
  return join(gzipSync(new Uint8Array(0)).subarray(0, 10), ...Array(mebibytes).fill(aligned), one, new Uint8Array(8));
}
