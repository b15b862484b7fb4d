import type { Atom } from "../graph/graph.ts";
import { onnxTypes } from "../onnx/model.ts";
import { size } from "../tensor.ts";
import type { Emitter, Rule } from "./emitter.ts";

const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;

/**
 * Threefry-2x32 with 20 rounds (Salmon et al. 2011): one block per element, under the element's key, of the counter
 * (0, position within the part of the shape behind the keys' own axes). Sums wrap in int32; ONNX shifts uint32.
 */
const randomBits: Rule = (e, node) => {
  const keys = node.inputs as [Atom, Atom];
  const { shape, mode } = node.params as { shape: number[]; mode: "xor" | 0 | 1 };
  const rest = shape.slice(keys[0].shape.length);
  const rotate = (word: string, by: number) => {
    const u = e.cast(word, onnxTypes.uint32);
    const shift = (direction: string, bits: number) => e.node("BitShift", [u, e.scalar(bits, "uint32")], { direction });
    return e.cast(e.node("BitwiseOr", [shift("LEFT", by), shift("RIGHT", 32 - by)]), onnxTypes.int32);
  };
  const add = (x: string, y: string) => e.node("Add", [x, y]);
  const [k0, k1] = keys.map((k) =>
    e.reshape(e.cast(e.full(k), onnxTypes.int32), [...k.shape, ...rest.map(() => 1)]),
  ) as [string, string];
  const parity = e.scalar(0x1bd11bda, "int32");
  const schedule = [k0, k1, e.node("BitwiseXor", [e.node("BitwiseXor", [k0, k1]), parity])];
  const word = (n: number) => e.scalar(n, "int32");
  const counter = e.reshape(e.node("Range", [word(0), word(size(rest)), word(1)]), rest);
  let a = k0;
  let b = add(counter, k1);
  for (let group = 0; group < 5; group++) {
    for (const by of rotations[group & 1]!) {
      a = add(a, b);
      b = e.node("BitwiseXor", [rotate(b, by), a]);
    }
    a = add(a, schedule[(group + 1) % 3]!);
    b = add(b, add(schedule[(group + 2) % 3]!, word(group + 1)));
  }
  const drawn = mode === "xor" ? e.node("BitwiseXor", [a, b]) : mode === 0 ? a : b;
  return [{ name: e.cast(drawn, onnxTypes.uint32), shape }];
};

const double = (e: Emitter, value: number) => e.scalar(value, "float64");

/** The powers of two 2^from … 2^to in float64, all exact. */
function powers(e: Emitter, from: number, to: number): string {
  const table = Float64Array.from({ length: to - from + 1 }, (_, i) => 2 ** (from + i));
  return e.constant(table, [table.length], onnxTypes.float64);
}

/** float32 from its 32 bits (int64, not negative): ± significand · 2^exponent, exact in float64. */
function floatOf(e: Emitter, bits: string): string {
  const word = e.cast(bits, onnxTypes.uint32);
  const exponent = e.cast(
    e.node("BitwiseAnd", [
      e.node("BitShift", [word, e.scalar(23, "uint32")], { direction: "RIGHT" }),
      e.scalar(255, "uint32"),
    ]),
    onnxTypes.int64,
  );
  const fraction = e.cast(e.node("BitwiseAnd", [bits, e.int64(0x7fffff)]), onnxTypes.float64);
  const subnormal = e.node("Equal", [exponent, e.int64(0)]);
  const significand = e.node("Add", [fraction, e.node("Where", [subnormal, double(e, 0), double(e, 2 ** 23)])]);
  const scale = e.node("Gather", [powers(e, -150, 105), e.node("Max", [exponent, e.int64(1)])]);
  const special = e.node("Where", [
    e.node("Greater", [fraction, double(e, 0)]),
    double(e, Number.NaN),
    double(e, Number.POSITIVE_INFINITY),
  ]);
  const magnitude = e.node("Where", [
    e.node("Equal", [exponent, e.int64(255)]),
    special,
    e.node("Mul", [significand, scale]),
  ]);
  const negative = e.node("GreaterOrEqual", [bits, e.int64(2 ** 31)]);
  const sign = e.node("Where", [negative, double(e, -1), double(e, 1)]);
  return e.cast(e.node("Mul", [magnitude, sign]), onnxTypes.float32);
}

/** The 32 bits of float32 numbers as int64, not negative. Every NaN becomes 0x7fc00000. */
function bitsOf(e: Emitter, x: string): string {
  const wide = e.cast(x, onnxTypes.float64);
  const magnitude = e.node("Abs", [wide]);
  const infinite = e.node("Equal", [magnitude, double(e, Number.POSITIVE_INFINITY)]);
  const nan = e.node("IsNaN", [x]);
  const usual = e.node("Where", [e.node("Or", [infinite, nan]), double(e, 1), magnitude]);
  const table = powers(e, -126, 128);
  const clamp = (at: string) => e.node("Min", [e.node("Max", [at, e.int64(0)]), e.int64(253)]);
  const power = (at: string) => e.node("Gather", [table, at]);
  // A logarithm finds the exponent up to one; comparisons with exact powers settle it. Position 0 is 2^−126.
  const positive = e.node("Max", [usual, double(e, 2 ** -126)]);
  const log2 = e.node("Div", [e.node("Log", [positive]), double(e, Math.LN2)]);
  const guess = clamp(e.cast(e.node("Add", [e.node("Floor", [log2]), double(e, 126)]), onnxTypes.int64));
  const over = e.cast(e.node("Less", [usual, power(guess)]), onnxTypes.int64);
  const lower = clamp(e.node("Sub", [guess, over]));
  const next = e.node("Add", [lower, e.int64(1)]);
  const under = e.cast(e.node("GreaterOrEqual", [usual, power(next)]), onnxTypes.int64);
  const at = clamp(e.node("Add", [lower, under]));
  // The hidden bit of the significand adds the last 1 to the exponent field: it is `at + 1` for normal numbers.
  const significand = e.cast(e.node("Mul", [e.node("Div", [usual, power(at)]), double(e, 2 ** 23)]), onnxTypes.int64);
  const finite = e.node("Add", [e.node("Mul", [at, e.int64(2 ** 23)]), significand]);
  const special = e.node("Where", [nan, e.int64(0x7fc00000), e.int64(0x7f800000)]);
  const bits = e.node("Where", [e.node("Or", [infinite, nan]), special, finite]);
  const negative = e.node("Less", [
    e.node("Where", [e.node("Equal", [wide, double(e, 0)]), e.node("Reciprocal", [wide]), wide]),
    double(e, 0),
  ]);
  return e.node("Add", [bits, e.node("Where", [negative, e.int64(2 ** 31), e.int64(0)])]);
}

/**
 * The same 32 bits read as another type. ONNX's operator set 18 cannot, so floats are taken apart and put together by
 * exact arithmetic in float64; only the payload of a NaN is lost.
 */
const bitcast: Rule = (e, node) => {
  const [a] = node.inputs as [Atom];
  const out = node.outputs[0]!;
  const widths = [a.dtype, out.dtype];
  if (widths.includes("float64") || widths.includes("bool")) {
    if (a.dtype === out.dtype) return [e.get(a)];
    e.fail(node, `only 32-bit types can be reinterpreted, not ${a.dtype} as ${out.dtype}`);
  }
  const held = e.get(a);
  if (a.dtype === out.dtype) return [held];
  const bits =
    a.dtype === "float32"
      ? bitsOf(e, held.name)
      : e.node("BitwiseAnd", [e.cast(held.name, onnxTypes.int64), e.int64(0xffffffff)]);
  const name = out.dtype === "float32" ? floatOf(e, bits) : e.cast(bits, onnxTypes[out.dtype]);
  return [{ name, shape: held.shape }];
};

/** Number of ones in each word, byte by byte. */
const bitCount: Rule = (e, node) => {
  const held = e.get(node.inputs[0]!);
  const out = node.outputs[0]!;
  const ones = Int32Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll("0", "").length);
  const table = e.constant(ones, [256], onnxTypes.int32);
  const word = e.cast(held.name, onnxTypes.uint32);
  const bytes = [0, 8, 16, 24].map((by) => {
    const shifted = e.node("BitShift", [word, e.scalar(by, "uint32")], { direction: "RIGHT" });
    const byte = e.node("BitwiseAnd", [shifted, e.scalar(255, "uint32")]);
    return e.node("Gather", [table, e.cast(byte, onnxTypes.int64)]);
  });
  const sum = bytes.reduce((x, y) => e.node("Add", [x, y]));
  return [{ name: e.cast(sum, onnxTypes[out.dtype]), shape: held.shape }];
};

export const bits: Record<string, Rule> = { random_bits: randomBits, bitcast, bit_count: bitCount };
