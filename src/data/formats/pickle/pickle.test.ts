import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { AttarError } from "../../../engine/errors.ts";
import { entryOf, parsePickle } from "./pickle.ts";
import { parseTorch } from "./pt.ts";
import { ArrayValue, type PickleValue } from "./value.ts";

interface Case {
  readonly name: string;
  readonly as: "pickle" | "torch";
  readonly file: string;
}

/** Files with what Python says that they hold, and hostile ones with what is to be said of them. */
const { good, hostile } = JSON.parse(
  readFileSync(new URL("../../../../golden/pickles/pickles.json", import.meta.url), "utf8"),
) as { good: (Case & { value?: unknown })[]; hostile: (Case & { said: string })[] };

const bytesOf = ({ file }: Case) => new Uint8Array(Buffer.from(file, "base64"));
const parsed = (of: Case, bytes = bytesOf(of)) => (of.as === "torch" ? parseTorch : parsePickle)(bytes, "f");
const types: Readonly<Record<string, string>> = {
  Float32Array: "f4",
  Float64Array: "f8",
  Uint8Array: "u1",
  Int8Array: "i1",
  Int16Array: "i2",
  Int32Array: "i4",
  BigInt64Array: "i8",
};

/** A value in the form that the script writes. */
function told(value: PickleValue): unknown {
  if (value instanceof ArrayValue)
    return { shape: value.shape, dtype: types[value.data.constructor.name], data: Array.from(value.data, Number) };
  if (value instanceof Uint8Array) return { bytes: [...value] };
  if (value instanceof Map) return { dict: [...value].map(([k, v]) => [told(k), told(v)]) };
  if (Array.isArray(value)) return value.map(told);
  return typeof value === "bigint" ? { bigint: String(value) } : value;
}

test.each(good.filter(({ value }) => value !== undefined))("$name", (of) => {
  expect(told(parsed(of))).toEqual(of.value);
});

test("values that are many to whoever walks them all are few to the reader", () => {
  const [pairs, loop] = good.filter(({ value }) => value === undefined).map((of) => parsed(of));
  expect(pairs).toHaveLength(2);
  expect(Array.isArray(loop) && loop[0]).toBe(loop);
});

test.each(hostile)("refused: $name", (of) => {
  expect(() => parsed(of)).toThrow(
    expect.objectContaining({ code: "bad-data", message: expect.stringContaining(of.said) }),
  );
});

test("the message names the function, and says what to do", () => {
  const of = hostile.find(({ name }) => name === "a call of the system")!;
  expect(() => parsed(of)).toThrow(
    /^f: its pickle names posix\.system, which is not read: pickles are read as data, and nothing in them is run\.$/,
  );
});

describe("damaged files", () => {
  const some = good.filter(({ name }) => /plain data, protocol [025]|Python 2|strides|state dict/.test(name));
  test.each(some)("cut short, $name", (of) => {
    const bytes = bytesOf(of);
    const step = Math.max(1, Math.floor(bytes.length / 150));
    for (let length = 0; length < bytes.length; length += step)
      expect(() => parsed(of, bytes.subarray(0, length))).toThrow(AttarError);
  });
  test.each(some)("a byte changed, $name", (of) => {
    const bytes = bytesOf(of);
    for (let i = 0; i < 400; i++) {
      const at = (i * 7919) % bytes.length;
      try {
        parsed(of, bytes.with(at, (bytes[at]! + 1 + i) & 255));
      } catch (error) {
        expect(error).toBeInstanceOf(AttarError);
      }
    }
  });
});

test("the value of a dict at a text, and of anything else", () => {
  expect([entryOf(new Map([["a", 1]]), "a"), entryOf(new Map(), "a"), entryOf([1], "0")]).toEqual([
    1,
    undefined,
    undefined,
  ]);
});
