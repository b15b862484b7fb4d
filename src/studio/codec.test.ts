import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeMessage, encodeMessage } from "./codec.ts";

test("a message comes out as it went in, typed arrays too", () => {
  const message = {
    id: 3,
    words: ["ä", { ink: Float32Array.of(0.5, -1), side: 1, more: [Uint8Array.of(1, 2, 3), Int32Array.of(-7)] }],
    none: null,
    empty: new Float64Array(0),
  };
  expect(decodeMessage(encodeMessage(message))).toEqual(message);
  // As it arrives from a socket: somewhere within a larger buffer.
  const bytes = encodeMessage(message);
  const larger = new Uint8Array(bytes.length + 5);
  larger.set(bytes, 3);
  expect(decodeMessage(larger.subarray(3, 3 + bytes.length))).toEqual(message);
});

test("any bytes are a message or refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        decodeMessage(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
  );
});

test.each([
  ['{"$array":"Uint8Array","at":0,"count":1}', /beyond its end/],
  ['{"$array":"Uint8Array","at":-8,"count":1}', /cannot be/],
  ['{"$array":"Float32Array","at":4,"count":0}', /beyond its end/],
  ['{"$array":"constructor","at":0,"count":0}', /cannot be/],
  ['{"$array":"Uint8Array","at":0,"count":1e99}', /cannot be/],
])("%s is refused", (text, reason) => {
  const head = new TextEncoder().encode(text);
  const bytes = new Uint8Array(4 + head.length);
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, 4);
  expect(() => decodeMessage(bytes)).toThrow(reason);
});
