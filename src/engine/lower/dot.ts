import { type Atom, isLiteral, producedBy } from "../graph/graph.ts";
import { size } from "../tensor.ts";
import type { Emitter, Rule } from "./emitter.ts";

/** How each axis of a product is used: read by both sides, by one, or summed. */
type Role = "batch" | "left" | "right" | "sum" | "none";

interface Operand {
  name: string;
  shape: number[];
  /** Role of each stored axis. */
  roles: Role[];
  /** Output axis of each stored axis. */
  axes: number[];
}

/**
 * jax-js's `dot` multiplies with broadcasting and sums the last axis. Batch, row, column and summed axes are read off the
 * stored shapes and become one matrix product; a transposition in front of an operand is absorbed by the product, but for a
 * left operand of many rows, which ONNX Runtime multiplies faster once it is transposed.
 */
const dot: Rule = (e, node) => {
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
    return [{ name: multiplyAndSum(e, a, b, rank), shape: out.shape }];
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
  const [transA, transB] = [x.sumLast ? 0 : 1, y.sumLast ? 1 : 0];
  let name: string;
  if (transA === 1 && transB === 0 && batch.length === 0 && m >= 32)
    name = e.node("MatMul", [e.transpose(xn, [1, 0]), yn]);
  else if (transA === 0 && transB === 0) name = e.node("MatMul", [xn, yn]);
  else if (batch.length === 0) name = e.node("Gemm", [xn, yn], { transA, transB });
  else if (out.dtype === "float32")
    name = e.node("FusedMatMul", [xn, yn], { transA, transB }, { domain: "com.microsoft" });
  else name = e.node("MatMul", [transA ? e.transpose(xn, [0, 2, 1]) : xn, transB ? e.transpose(yn, [0, 2, 1]) : yn]);
  const order = [...batch, ...rows, ...columns];
  const extents = order.map((i) => Math.max(sa[i]!, sb[i]!));
  const sorted = [...order].sort((p, q) => p - q);
  const perm = sorted.map((axis) => order.indexOf(axis));
  const placed = e.transpose(e.reshape(name, extents), perm);
  const shape = sa.slice(0, -1).map((d, i) => Math.max(d, sb[i]!));
  return [{ name: e.reshape(placed, shape), shape }];
};

function multiplyAndSum(e: Emitter, a: Atom, b: Atom, rank: number): string {
  const depth = Math.max(a.shape.at(-1) ?? 1, b.shape.at(-1) ?? 1);
  const shape = new Array<number>(rank).fill(1);
  for (const s of [a.shape, b.shape])
    s.forEach((d, i) => {
      if (d !== 1) shape[rank - s.length + i] = d;
    });
  shape[rank - 1] = depth;
  const names = [a, b].map((x) => e.get(x).name);
  const whole = e.node("Expand", [e.node("Mul", names), e.ints(shape)]);
  return e.node("ReduceSum", [whole, e.ints([rank - 1])], { keepdims: 0 });
}

/** An operand's stored axes with their roles, looked at before any transposition in front of it. */
function operand(e: Emitter, a: Atom, stored: number[], roles: readonly Role[]): Operand {
  const moved = producedBy(a, "transpose");
  const source = moved?.inputs[0];
  if (moved && source && !isLiteral(source)) {
    const held = e.get(source);
    const perm = moved.params.perm as number[];
    if (held.shape.length === perm.length) {
      const lead = stored.length - perm.length;
      const axes = perm.map((_, i) => lead + perm.indexOf(i));
      return pack({ name: held.name, shape: [...held.shape], roles: axes.map((i) => roles[i]!), axes });
    }
  }
  const held = e.get(a);
  const lead = stored.length - held.shape.length;
  const axes = held.shape.map((_, i) => lead + i);
  return pack({ name: held.name, shape: [...held.shape], roles: axes.map((i) => roles[i]!), axes });
}

/** Drops stored axes of extent one: they carry no data. The summed axis stays. */
function pack(x: Operand): Operand {
  const keep = x.shape.map((d, i) => d !== 1 || x.roles[i] === "sum");
  const pick = <T>(list: T[]) => list.filter((_, i) => keep[i]);
  return { name: x.name, shape: pick(x.shape), roles: pick(x.roles), axes: pick(x.axes) };
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
