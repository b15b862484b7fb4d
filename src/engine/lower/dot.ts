import { type Atom, isLiteral, type Node, producedBy } from "../graph/graph.ts";
import type { Attribute } from "../onnx/model.ts";
import { type DType, size } from "../tensor.ts";
import type { Emitter, Held, Rule } from "./emitter.ts";
import { reshaped } from "./movement.ts";

/** The use of each axis of a product: read by both sides, by one, or summed. */
type Role = "batch" | "left" | "right" | "sum" | "none";

interface Operand {
  name: string;
  /** Number the array is to be multiplied by. */
  factor: number;
  shape: number[];
  /** Role of each stored axis. */
  roles: Role[];
  /** Output axis of each stored axis. */
  axes: number[];
}

/**
 * jax-js's `dot` multiplies with broadcasting and sums the last axis. Batch, row, column and summed axes are read off the
 * stored shapes and become one matrix product; a transposition in front of an operand is absorbed by the product, but for a
 * left operand of many rows, which ONNX Runtime multiplies faster once it is transposed. Numbers that an operand or the
 * product are multiplied by are the product's own factor, and what is added to it is added by its operator.
 */
const dot: Rule = (e, node) => [multiply(e, node)!];

/** A product and the number it is multiplied by, perhaps reshaped, where nothing else reads it. */
function productBelow(e: Emitter, a: Atom): { node: Node; factor: number } | undefined {
  let [source, factor] = [a, 1];
  // Operators keep their factor in single precision.
  while (!isLiteral(source) && source.dtype === "float32" && e.uses.get(source) === 1) {
    if (!source.producer) return undefined;
    const { op, inputs } = source.producer;
    if (op === "dot") return { node: source.producer, factor };
    const number = op === "mul" ? inputs.find(isLiteral) : undefined;
    if (number?.dtype === "float32") factor *= number.literal;
    else if (op !== "reshape") return undefined;
    source = inputs.find((x) => x !== number)!;
  }
  return undefined;
}

/** A product, perhaps reshaped, read nowhere but where it is multiplied by a number; undefined for other nodes. */
export function scaledDot(e: Emitter, { inputs: [a, b] }: Node): Held | undefined {
  const [factor, product] = isLiteral(a!) ? [a, b!] : [b!, a!];
  if (!isLiteral(factor) || factor.dtype !== "float32") return undefined;
  const below = productBelow(e, product);
  if (!below) return undefined;
  const held = multiply(e, below.node, { scale: below.factor * factor.literal })!;
  return reshaped(e, held, below.node.outputs[0]!, product.shape);
}

/** A product, read nowhere but where a number, a row or an array like it is added; undefined for other nodes. */
export function dotPlus(e: Emitter, { inputs, outputs: [out] }: Node): Held | undefined {
  for (const [i, a] of inputs.entries()) {
    const other = inputs[1 - i]!;
    if (out!.dtype !== "float32" || other.dtype !== "float32" || isLiteral(a)) continue;
    if (String(a.shape) !== String(out!.shape)) continue;
    const below = productBelow(e, a);
    const held = below && multiply(e, below.node, { scale: below.factor, plus: other });
    if (held) return reshaped(e, held, below.node.outputs[0]!, out!.shape);
  }
  return undefined;
}

/**
 * The operand that ONNX's Gemm adds to a product [m, n] whose axes are as they come: one number, a row of n, or as many;
 * else undefined.
 */
function addend(
  e: Emitter,
  plus: Atom,
  shape: readonly number[],
  [m, n]: readonly [number, number],
): string | undefined {
  if (isLiteral(plus)) return e.scalar(plus.literal, "float32", 1);
  const held = e.get(plus);
  if (shape.at(-1) !== n) return undefined;
  if (String(plus.shape) === String(shape) && size(held.shape) === m * n) return e.shaped(held, [m, n]);
  return size(held.shape) === n && held.shape.at(-1) === n ? e.shaped(held, [n]) : undefined;
}

/** A product, times a number; with `plus`, what Gemm adds to it, undefined where the product is none of Gemm's. */
function multiply(e: Emitter, node: Node, { scale = 1, plus }: { scale?: number; plus?: Atom } = {}): Held | undefined {
  const [a, b] = node.inputs as [Atom, Atom];
  const out = node.outputs[0]!;
  const rank = out.shape.length + 1;
  const stored = (x: Atom) => {
    const held = e.get(x);
    return [...new Array<number>(rank - held.shape.length).fill(1), ...held.shape];
  };
  const sa = stored(a);
  const sb = stored(b);
  const depth = Math.max(a.shape.at(-1) ?? 1, b.shape.at(-1) ?? 1);
  if ((out.dtype !== "float32" && out.dtype !== "float64") || sa.at(-1) !== depth || sb.at(-1) !== depth)
    return plus ? undefined : { name: multiplyAndSum(e, a, b, rank, scale), shape: out.shape };
  const roles = sa.map((d, i): Role => {
    if (i === rank - 1) return "sum";
    if (d !== 1 && sb[i] !== 1) return "batch";
    return d !== 1 ? "left" : sb[i] !== 1 ? "right" : "none";
  });
  const left = operand(e, a, sa, roles);
  const right = operand(e, b, sb, roles);
  const of = (x: Operand, role: Role) => x.axes.filter((_, i) => x.roles[i] === role);
  const batch = of(left, "batch").sort((x, y) => x - y);
  const rows = of(left, "left");
  const columns = of(right, "right");
  const sum = rank - 1;
  const extent = (axes: readonly number[]) => size(axes.map((i) => (i === sum ? depth : Math.max(sa[i]!, sb[i]!))));
  const [m, n, count] = [extent(rows), extent(columns), extent(batch)];
  const x = arrange(e, left, batch, rows, sum);
  const y = arrange(e, right, batch, columns, sum);
  const xShape = x.sumLast ? [m, depth] : [depth, m];
  const yShape = y.sumLast ? [n, depth] : [depth, n];
  const prefix = batch.length > 0 ? [count] : [];
  const xn = e.shaped({ name: x.name, shape: x.shape }, [...prefix, ...xShape]);
  const yn = e.shaped({ name: y.name, shape: y.shape }, [...prefix, ...yShape]);
  const [transA, transB] = [x.sumLast ? 0 : 1, y.sumLast ? 1 : 0] as const;
  const alpha = left.factor * right.factor * scale;
  const order = [...batch, ...rows, ...columns];
  const extents = order.map((i) => Math.max(sa[i]!, sb[i]!));
  const sorted = [...order].sort((p, q) => p - q);
  const perm = sorted.map((axis) => order.indexOf(axis));
  const gemm = batch.length === 0 && perm.every((p, i) => p === i) && !isTurned(transA, transB, m);
  const added = plus && gemm ? addend(e, plus, out.shape, [m, n]) : undefined;
  if (plus && !added) return undefined;
  const name = product(e, [xn, transA], [yn, transB], { alpha, m, batched: batch.length > 0, dtype: out.dtype, added });
  e.know(name, [...prefix, m, n]);
  const placed = e.transpose(e.reshape(name, extents), perm);
  const shape = sa.slice(0, -1).map((d, i) => Math.max(d, sb[i]!));
  return { name: e.reshape(placed, shape), shape };
}

type Matrix = readonly [name: string, transposed: 0 | 1];

/** Tells whether a transposed x is turned first. */
const isTurned = (transA: 0 | 1, transB: 0 | 1, m: number) => transA === 1 && transB === 0 && m >= 32;

/**
 * x y · alpha by the fastest operator there is for it. On a CPU a transposed x of many rows is turned first, and multiplied by
 * an operator that ONNX Runtime does not join with the transposition again.
 */
function product(
  e: Emitter,
  [x, transA]: Matrix,
  [y, transB]: Matrix,
  { alpha, m, batched, dtype, added }: { alpha: number; m: number; batched: boolean; dtype: DType; added?: string },
): string {
  const scale: Record<string, Attribute> = alpha === 1 ? {} : { alpha: { float: alpha } };
  const fused = (a: string, b: string, flags: Record<string, Attribute>) =>
    e.node("FusedMatMul", [a, b], { ...flags, ...scale }, { domain: "com.microsoft" });
  const turned = (name: string, is: 0 | 1) => (is ? e.transpose(name, batched ? [0, 2, 1] : [1, 0]) : name);
  if (added) return e.node("Gemm", [x, y, added], { transA, transB, ...scale });
  if (transA + transB === 0 && alpha === 1) return e.node("MatMul", [x, y]);
  if (!batched) {
    const turns = isTurned(transA, transB, m);
    if (turns && dtype === "float32" && e.target.channelBlock > 0) return fused(turned(x, 1), y, {});
    if (turns && alpha === 1) return e.node("MatMul", [turned(x, 1), y]);
    return e.node("Gemm", [x, y], { transA, transB, ...scale });
  }
  if (dtype === "float32" && !e.target.portable) return fused(x, y, { transA, transB });
  const plain = e.node("MatMul", [turned(x, transA), turned(y, transB)]);
  return alpha === 1 ? plain : e.node("Mul", [plain, e.scalar(alpha, dtype)]);
}

function multiplyAndSum(e: Emitter, a: Atom, b: Atom, rank: number, scale: number): string {
  const depth = Math.max(a.shape.at(-1) ?? 1, b.shape.at(-1) ?? 1);
  const shape = new Array<number>(rank).fill(1);
  for (const s of [a.shape, b.shape])
    s.forEach((d, i) => {
      if (d !== 1) shape[rank - s.length + i] = d;
    });
  shape[rank - 1] = depth;
  const names = [a, b].map((x) => e.get(x).name);
  const whole = e.node("Expand", [e.node("Mul", names), e.ints(shape)]);
  const sum = e.node("ReduceSum", [whole, e.ints([rank - 1])], { keepdims: 0 });
  return scale === 1 ? sum : e.node("Mul", [sum, e.scalar(scale, a.dtype)]);
}

/** An operand's stored axes with their roles, looked at before any transposition, and any product with a number, in front of it. */
function operand(e: Emitter, a: Atom, stored: number[], roles: readonly Role[]): Operand {
  const moved = producedBy(a, "transpose");
  const source = moved?.inputs[0];
  if (moved && source && !isLiteral(source)) {
    const { held, factor } = withoutFactor(e, source);
    const perm = moved.params.perm as number[];
    if (held.shape.length === perm.length) {
      const lead = stored.length - perm.length;
      const axes = perm.map((_, i) => lead + perm.indexOf(i));
      return pack({ name: held.name, factor, shape: [...held.shape], roles: axes.map((i) => roles[i]!), axes });
    }
  }
  const { held, factor } = withoutFactor(e, a);
  const lead = stored.length - held.shape.length;
  const axes = held.shape.map((_, i) => lead + i);
  return pack({ name: held.name, factor, shape: [...held.shape], roles: axes.map((i) => roles[i]!), axes });
}

/** The array that an atom is a multiple of, as far as single precision keeps factors. */
function withoutFactor(e: Emitter, a: Atom): { held: Held; factor: number } {
  const held = e.get(a);
  const source = producedBy(a, "broadcast")?.inputs[0] ?? a;
  const scaling = a.dtype === "float32" ? producedBy(source, "mul") : undefined;
  const factor = scaling?.inputs.find(isLiteral);
  const rest = scaling?.inputs.find((x) => x !== factor);
  if (!factor || !rest || rest.dtype !== a.dtype || size(e.get(rest).shape) !== size(held.shape))
    return { held, factor: 1 };
  return { held: { name: e.shaped(e.get(rest), held.shape), shape: held.shape }, factor: factor.literal };
}

/** Drops stored axes of extent one: they carry no data. The summed axis stays. */
function pack(x: Operand): Operand {
  const keep = x.shape.map((d, i) => d !== 1 || x.roles[i] === "sum");
  const pick = <T>(list: T[]) => list.filter((_, i) => keep[i]);
  return { ...x, shape: pick(x.shape), roles: pick(x.roles), axes: pick(x.axes) };
}

/** Brings an operand into [batch…, free…, sum] or [batch…, sum, free…], transposing only where neither order is there already. */
function arrange(e: Emitter, x: Operand, batch: readonly number[], free: readonly number[], sum: number) {
  const current = String(x.axes);
  const sumLast = [...batch, ...free, sum];
  const sumFirst = [...batch, sum, ...free];
  const dense = e.reshape(x.name, x.shape);
  if (current === String(sumLast)) return { name: dense, shape: x.shape, sumLast: true };
  if (current === String(sumFirst)) return { name: dense, shape: x.shape, sumLast: false };
  const perm = sumLast.map((axis) => x.axes.indexOf(axis));
  return { name: e.transpose(dense, perm), shape: perm.map((p) => x.shape[p]!), sumLast: true };
}

export const products: Record<string, Rule> = { dot };
