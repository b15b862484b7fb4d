import { type Atom, isLiteral, type Literal, type Node } from "../graph/graph.ts";
import { onnxTypes } from "../onnx/model.ts";
import type { DType } from "../tensor.ts";
import { biasedConv } from "./conv.ts";
import { dotPlus, scaledDot } from "./dot.ts";
import type { Emitter, Held, Rule } from "./emitter.ts";

/** The stored shape of an elementwise result: stored shapes broadcast against each other, aligned at the right. */
export function broadcastShapes(shapes: readonly (readonly number[])[], rank: number): number[] {
  const out = new Array<number>(rank).fill(1);
  for (const s of shapes)
    s.forEach((d, i) => {
      const at = rank - s.length + i;
      if (d !== 1) out[at] = d;
    });
  return out;
}

const aligned = (atoms: readonly Atom[], e: Emitter): Held[] => atoms.map((a) => e.get(a));

/**
 * The inputs in the output's type: jax-js's binary primitives promote their operands themselves. A number takes the rank of
 * the other side: beside [n, C, 1, 1], ONNX Runtime would walk over single elements.
 */
const promoted = (e: Emitter, node: Node): Held[] => {
  const { dtype } = node.outputs[0]!;
  const rank = Math.max(...node.inputs.map((a) => e.get(a).shape.length));
  return node.inputs.map((a) => {
    if (isLiteral(a) && a.dtype === dtype)
      return { name: e.scalar(a.literal, dtype, rank), shape: new Array<number>(rank).fill(1) };
    const h = e.get(a);
    return a.dtype === dtype ? h : { ...h, name: e.cast(h.name, onnxTypes[dtype]) };
  });
};

function result(e: Emitter, node: Node, name: string, held: readonly Held[]): Held[] {
  const rank = node.outputs[0]!.shape.length;
  const shape = broadcastShapes(
    held.map((h) => h.shape),
    rank,
  );
  const widest = Math.max(...held.map((h) => h.shape.length));
  return [{ name: widest < rank ? e.reshape(name, shape) : name, shape }];
}

const applied =
  (op: string, operands: (e: Emitter, node: Node) => Held[]): Rule =>
  (e, node) => {
    const held = operands(e, node);
    const names = held.map((h) => h.name);
    return result(e, node, e.node(op, names, op === "Mod" ? { fmod: 1 } : {}), held);
  };

const simple = (op: string): Rule => applied(op, (e, node) => aligned(node.inputs, e));

const binary = (op: string): Rule => applied(op, promoted);

const wide = (dtype: DType) => dtype === "uint32" || dtype === "bool";

/** Integer arithmetic for types ONNX Runtime has no kernels for: in int64, wrapped to 32 bits. */
function inInt64(e: Emitter, node: Node, emit: (names: string[]) => string): Held[] {
  const held = aligned(node.inputs, e);
  const names = held.map((h) => e.cast(h.name, onnxTypes.int64));
  const out = node.outputs[0]!.dtype;
  let name = emit(names);
  if (out === "uint32") name = e.node("BitwiseAnd", [name, e.int64(0xffffffff)]);
  return result(e, node, e.cast(name, onnxTypes[out]), held);
}

const arithmetic =
  (op: string, boolean?: string): Rule =>
  (e, node) => {
    const dtype = node.outputs[0]!.dtype;
    if (dtype === "bool" && boolean) return simple(boolean)(e, node);
    if (wide(dtype)) return inInt64(e, node, (names) => e.node(op, names));
    return binary(op)(e, node);
  };

/**
 * A sum; where one side is a convolution read nowhere else and the other one number per channel, the convolution's bias; of
 * two convolutions by tiles, that of their products; of a matrix product, its operator's own.
 */
const add: Rule = (e, node) => {
  const [a, b] = node.inputs.map((atom) => e.get(atom)) as [Held, Held];
  if (node.inputs.every((atom) => !isLiteral(atom) && e.uses.get(atom) === 1)) {
    const name = e.sumOfTiles(a.name, b.name);
    if (name) return [{ name, shape: a.shape }];
  }
  const product = dotPlus(e, node);
  if (product) return [product];
  for (const [i, a] of node.inputs.entries()) {
    const other = node.inputs[1 - i]!;
    if (node.outputs[0]!.dtype !== "float32" || isLiteral(a) || isLiteral(other)) continue;
    if (a.producer?.op !== "conv" || e.uses.get(a) !== 1 || a.shape.length !== 4) continue;
    if (a.shape.length !== node.outputs[0]!.shape.length) continue;
    const bias = e.get(other).shape;
    if (String(bias) !== String([1, a.shape[1], 1, 1])) continue;
    const held = biasedConv(e, a.producer, e.shaped(e.get(other), [a.shape[1]!]));
    if (held) return [held];
  }
  return arithmetic("Add", "Or")(e, node);
};

/** A product; of a matrix product and a number, the matrix product with that factor. */
const mul: Rule = (e, node) => {
  const held = scaledDot(e, node);
  return held ? [held] : arithmetic("Mul", "And")(e, node);
};

const floating = (dtype: DType) => dtype === "float32" || dtype === "float64";

/** Division that truncates towards zero, as JavaScript's and C's. */
const idiv: Rule = (e, node) => {
  const dtype = node.outputs[0]!.dtype;
  if (!floating(dtype)) return wide(dtype) ? inInt64(e, node, (n) => e.node("Div", n)) : binary("Div")(e, node);
  const held = promoted(e, node);
  const quotient = e.node(
    "Div",
    held.map((h) => h.name),
  );
  const negative = e.node("Less", [quotient, e.scalar(0, dtype)]);
  const name = e.node("Where", [negative, e.node("Ceil", [quotient]), e.node("Floor", [quotient])]);
  return result(e, node, name, held);
};

const mod: Rule = (e, node) => {
  const dtype = node.outputs[0]!.dtype;
  if (wide(dtype)) return inInt64(e, node, (n) => e.node("Mod", n, { fmod: 1 }));
  return binary("Mod")(e, node);
};

const extremum =
  (op: "Min" | "Max", boolean: string): Rule =>
  (e, node) => {
    const dtype = node.outputs[0]!.dtype;
    if (dtype === "bool") return simple(boolean)(e, node);
    return binary(op)(e, node);
  };

const neg: Rule = (e, node) =>
  node.outputs[0]!.dtype === "uint32" ? inInt64(e, node, ([a]) => e.node("Neg", [a!])) : simple("Neg")(e, node);

const cast: Rule = (e, node) => {
  const [a] = node.inputs as [Atom];
  const held = e.get(a);
  const out = node.outputs[0]!.dtype;
  if (a.dtype === out) return result(e, node, held.name, [held]);
  let name = held.name;
  if (out === "uint32" && a.dtype !== "bool") {
    name = e.node("BitwiseAnd", [e.cast(name, onnxTypes.int64), e.int64(0xffffffff)]);
  } else if (out === "int32" && a.dtype === "uint32") {
    name = e.cast(name, onnxTypes.int64);
  }
  return result(e, node, e.cast(name, onnxTypes[out]), [held]);
};

const compare: Rule = (e, node) => {
  const operators: Record<string, string> = {
    less: "Less",
    less_equal: "LessOrEqual",
    equal: "Equal",
    not_equal: "Equal",
  };
  const kind = node.params.op as string;
  const held = aligned(node.inputs, e);
  const mixed = node.inputs.some((a) => a.dtype !== node.inputs[0]!.dtype);
  const anyFloat = node.inputs.find((a) => floating(a.dtype));
  const common = mixed && anyFloat ? onnxTypes[anyFloat.dtype] : onnxTypes.int64;
  const convert = mixed || wide(node.inputs[0]!.dtype);
  const names = held.map((h) => (convert ? e.cast(h.name, common) : h.name));
  let name = e.node(operators[kind]!, names);
  if (kind === "not_equal") name = e.node("Not", [name]);
  return result(e, node, name, held);
};

const where: Rule = (e, node) => {
  const dtype = node.outputs[0]!.dtype;
  const held = aligned(node.inputs, e);
  const via = dtype === "bool" ? onnxTypes.int32 : dtype === "uint32" ? onnxTypes.int64 : onnxTypes[dtype];
  const names = held.map((h, i) => {
    if (i === 0) return h.name;
    return onnxTypes[node.inputs[i]!.dtype] === via ? h.name : e.cast(h.name, via);
  });
  let name = e.node("Where", names);
  if (via !== onnxTypes[dtype]) name = e.cast(name, onnxTypes[dtype]);
  return result(e, node, name, held);
};

const bitCombine: Rule = (e, node) => {
  const op = node.params.op as "and" | "or" | "xor";
  const names = { and: "And", or: "Or", xor: "Xor" };
  return simple(node.outputs[0]!.dtype === "bool" ? names[op] : `Bitwise${names[op]}`)(e, node);
};

/** Shifts; a right shift of a signed integer keeps its sign. ONNX shifts unsigned words only. */
const bitShift: Rule = (e, node) => {
  const left = node.params.op === "shl";
  const held = aligned(node.inputs, e);
  const out = node.outputs[0]!.dtype;
  if (out === "uint32") {
    const names = held.map((h, i) => (node.inputs[i]!.dtype === "uint32" ? h.name : e.cast(h.name, onnxTypes.uint32)));
    return result(e, node, e.node("BitShift", names, { direction: left ? "LEFT" : "RIGHT" }), held);
  }
  const power = e.node("Pow", [
    e.constant(Float64Array.of(2), [], onnxTypes.float64),
    e.cast(held[1]!.name, onnxTypes.float64),
  ]);
  const value = e.cast(held[0]!.name, onnxTypes.float64);
  const shifted = left ? e.node("Mul", [value, power]) : e.node("Floor", [e.node("Div", [value, power])]);
  const masked = e.node("BitwiseAnd", [e.cast(shifted, onnxTypes.int64), e.int64(0xffffffff)]);
  return result(e, node, e.cast(masked, onnxTypes.int32), held);
};

const erfc: Rule = (e, node) => {
  const held = aligned(node.inputs, e);
  const dtype = node.outputs[0]!.dtype;
  return result(e, node, e.node("Sub", [e.scalar(1, dtype), e.node("Erf", [held[0]!.name])]), held);
};

/** 1 where x ≥ 0, 0 below, in one pass: clamp(∞ · x + 1, 0, 1). */
const step: Rule = (e, node) => {
  const held = e.get(node.inputs[0]!);
  const name = e.node("HardSigmoid", [held.name], { alpha: { float: 1e38 }, beta: { float: 1 } });
  return [{ name, shape: held.shape }];
};

/** An array between two numbers. */
const clip: Rule = (e, node) => {
  const [x, ...bounds] = node.inputs;
  const held = e.get(x!);
  const numbers = bounds.map((bound) => e.scalar((bound as Literal).literal, "float32"));
  return [{ name: e.node("Clip", [held.name, ...numbers]), shape: held.shape }];
};

export const elementwise: Record<string, Rule> = {
  add,
  sub: arithmetic("Sub"),
  mul,
  div: arithmetic("Div"),
  relu: simple("Relu"),
  clip,
  idiv,
  mod,
  min: extremum("Min", "And"),
  max: extremum("Max", "Or"),
  bit_combine: bitCombine,
  bit_shift: bitShift,
  neg,
  reciprocal: simple("Reciprocal"),
  floor: simple("Floor"),
  ceil: simple("Ceil"),
  stop_gradient: simple("Identity"),
  cast,
  sin: simple("Sin"),
  cos: simple("Cos"),
  asin: simple("Asin"),
  acos: simple("Acos"),
  atan: simple("Atan"),
  exp: simple("Exp"),
  log: simple("Log"),
  erf: simple("Erf"),
  erfc,
  sqrt: simple("Sqrt"),
  compare,
  step,
  where,
};
