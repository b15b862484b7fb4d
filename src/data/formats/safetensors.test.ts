import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeSafetensors, maxHeaderBytes, parseSafetensors } from "./safetensors.ts";
import { parseStrictJson } from "./strictJson.ts";

/** A file of that header text, `data` zero bytes, and the header length it claims. */
function file(header: string, data = 0, claimed?: bigint): Uint8Array {
  const json = new TextEncoder().encode(header);
  const out = new Uint8Array(8 + json.length + data);
  new DataView(out.buffer).setBigUint64(0, claimed ?? BigInt(json.length), true);
  out.set(json, 8);
  return out;
}
const f32 = (shape: number[], from: number, to: number) => ({ dtype: "F32", shape, data_offsets: [from, to] });
const parse = (bytes: Uint8Array) => parseSafetensors(bytes, "f");

test("round trip of names, shapes, types and metadata", () => {
  const name = fc.string({ minLength: 1, maxLength: 8 }).filter((n) => n !== "__proto__" && n !== "__metadata__");
  const data = fc.oneof(
    fc.uint8Array({ maxLength: 9 }),
    fc.float32Array({ maxLength: 9, noNaN: true }),
    fc.bigInt64Array({ maxLength: 9 }),
    fc.int32Array({ maxLength: 9 }),
  );
  fc.assert(
    fc.property(
      fc.dictionary(name, data, { noNullPrototype: true }),
      fc.dictionary(name, fc.string(), { noNullPrototype: true }),
      (arrays, metadata) => {
        const tensors = Object.fromEntries(Object.entries(arrays).map(([k, v]) => [k, { shape: [v.length], data: v }]));
        const bytes = encodeSafetensors(tensors, metadata);
        expect(encodeSafetensors(tensors, metadata)).toEqual(bytes);
        const read = parse(bytes);
        expect(Object.fromEntries(read.tensors)).toEqual(tensors);
        expect({ ...read.metadata }).toEqual(metadata);
      },
    ),
    { numRuns: 100 },
  );
});

describe("refused", () => {
  test.each([
    ["a header length above 8 MiB", file("{}", 0, BigInt(maxHeaderBytes + 1)), /header claims 8388609 bytes/],
    ["an absurd header length", file("{}", 0, 0xffff_ffff_ffff_ffffn), /header claims/],
    ["a header beyond the file", file("{}", 0, 3n), /header claims 3 bytes/],
    ["a header that does not start with {", file(" {}"), /does not start with "\{"/],
    ["a header that is no JSON", file("{x}"), /not valid JSON/],
    ["a duplicate key", file('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{}}'), /key "a" twice/],
    [
      "a hidden duplicate key",
      file('{"a":{"dtype":"U8","d\\u0074ype":"U8","shape":[0],"data_offsets":[0,0]}}'),
      /key "dtype" twice/,
    ],
    ["metadata that is not strings", file('{"__metadata__":{"a":1}}'), /metadata "a" is not a string/],
    ["an overlap", file(JSON.stringify({ a: f32([2], 0, 8), b: f32([2], 4, 12) }), 12), /tensor "b" starts at byte 4/],
    ["a hole", file(JSON.stringify({ a: f32([1], 0, 4), b: f32([1], 8, 12) }), 12), /tensor "b" starts at byte 8/],
    ["a tail", file(JSON.stringify({ a: f32([1], 0, 4) }), 5), /end at byte 4 of the data, the file has 5/],
    ["a wrong size", file(JSON.stringify({ a: f32([3], 0, 8) }), 8), /needs 12 bytes, its offsets span 8/],
    ["an overflowing shape", file(JSON.stringify({ a: f32([2 ** 40, 2 ** 40], 0, 4) }), 4), /needs/],
    ["a negative dimension", file(JSON.stringify({ a: f32([-1], 0, 4) }), 4), /no valid shape/],
    ["offsets in the wrong order", file(JSON.stringify({ a: f32([1], 4, 0) }), 4), /lies at bytes 4 to 0/],
    ["an unknown type", file('{"a":{"dtype":"toString","shape":[],"data_offsets":[0,0]}}'), /dtype "toString"/],
    ["the key __proto__", file('{"__proto__":{}}'), /forbidden key/],
    ["deep nesting", file(`{"a":${"[".repeat(5000)}${"]".repeat(5000)}}`), /nested deeper than 64/],
  ])("%s", (_what, bytes, message) => expect(() => parse(bytes)).toThrow(message));
});

test("strict JSON agrees with JSON.parse on valid documents", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      fc.pre(!JSON.stringify(value).includes("__proto__"));
      expect(parseStrictJson(JSON.stringify(value, null, 1), "f")).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 100 },
  );
});
