import { type Atom, isLiteral, type Node, type Value } from "../graph/graph.ts";
import { size } from "../tensor.ts";
import type { Emitter, Held, Rule } from "./emitter.ts";

interface Window {
  window: number[];
  strides: number[];
}

/** [..., spatial] seen as [batch, channels, spatial] for ONNX's pooling operators. */
function planes(shape: readonly number[], spatial: number): number[] {
  const lead = shape.slice(0, shape.length - spatial);
  const channels = lead.at(-1) ?? 1;
  return [lead.length > 1 ? size(lead.slice(0, -1)) : 1, channels, ...shape.slice(shape.length - spatial)];
}

/** Sum times `scale`, or maximum, over all window axes of a `pool`: one pooling operator instead of the windows. */
export function reducedPool(
  e: Emitter,
  pool: Node,
  op: string,
  axes: number[],
  out: Value,
  scale: number,
): Held | undefined {
  const { window, strides } = pool.params as Window;
  const [a] = pool.inputs as [Atom];
  const rank = window.length;
  const all = pool.outputs[0]!.shape.length;
  const windowAxes = axes.length === rank && axes.every((axis) => axis >= all - rank);
  if (!windowAxes || a.dtype !== "float32" || rank > 3 || (op !== "add" && op !== "max")) return undefined;
  const source = e.reshape(e.full(a), planes(a.shape, rank));
  let name = e.node(op === "add" ? "AveragePool" : "MaxPool", [source], { kernel_shape: window, strides });
  const factor = size(window) * scale;
  if (op === "add" && factor !== 1) name = e.node("Mul", [name, e.scalar(factor, "float32")]);
  return { name: e.reshape(name, out.shape), shape: out.shape };
}

/** The windows themselves: for window ≤ stride a reshape, otherwise one slice per window element. */
const pool: Rule = (e, node) => {
  const { window, strides } = node.params as Window;
  const [a] = node.inputs as [Atom];
  const out = node.outputs[0]!;
  const rank = window.length;
  const first = a.shape.length - rank;
  const source = e.full(a);
  const counts = out.shape.slice(first, first + rank);
  const parts = offsets(window).map((at) => {
    const axes = at.map((_, i) => first + i);
    const ends = at.map((o, i) => o + (counts[i]! - 1) * strides[i]! + 1);
    return e.reshape(e.slice(source, axes, at, ends, strides), [...a.shape.slice(0, first), ...counts, 1]);
  });
  const joined = parts.length === 1 ? parts[0]! : e.node("Concat", parts, { axis: first + rank });
  return [{ name: e.reshape(joined, out.shape), shape: out.shape }];
};

function offsets(window: readonly number[]): number[][] {
  return window.reduce<number[][]>(
    (all, w) => all.flatMap((o) => Array.from({ length: w }, (_, i) => [...o, i])),
    [[]],
  );
}

/**
 * The transpose of `pool`: every window element goes back to its place, overlaps add up. Where windows tile the input and
 * the gradient is the same within a window (average pooling), it is a nearest-neighbour enlargement.
 */
const poolTranspose: Rule = (e, node) => {
  const { inShape, window, strides } = node.params as Window & { inShape: number[] };
  const [a] = node.inputs as [Atom];
  const out = node.outputs[0]!;
  const rank = window.length;
  const first = inShape.length - rank;
  const lead = inShape.slice(0, first);
  const counts = a.shape.slice(first, first + rank);
  const tiles =
    window.every((w, i) => w === strides[i]) && counts.every((c, i) => c * strides[i]! === inShape[first + i]);
  const held = isLiteral(a) ? undefined : e.get(a);
  const constant = held && held.shape.length === a.shape.length && held.shape.slice(-rank).every((d) => d === 1);
  if (tiles && constant && a.dtype === "float32" && rank === 2) {
    const stored = held.shape.slice(0, -rank);
    const small = [...lead, ...counts];
    const whole =
      size(stored) === size(small)
        ? e.reshape(held.name, small)
        : e.node("Expand", [e.reshape(held.name, stored), e.ints(small)]);
    const source = e.reshape(whole, planes(small, rank));
    const scales = e.constant(Float32Array.from([1, 1, ...window]), [4], 1);
    const name = e.node("Resize", [source, "", scales], {
      mode: "nearest",
      coordinate_transformation_mode: "asymmetric",
      nearest_mode: "floor",
    });
    return [{ name: e.reshape(name, out.shape), shape: out.shape }];
  }
  const source = e.full(a);
  if (tiles) {
    const order = [...lead.map((_, i) => i), ...window.flatMap((_, i) => [first + i, first + rank + i])];
    return [{ name: e.reshape(e.transpose(source, order), out.shape), shape: out.shape }];
  }
  // One dilated, shifted copy per window element, summed.
  const flat = e.reshape(source, [...lead, ...counts, size(window)]);
  const copies = offsets(window).map((at, k) => {
    let part = e.reshape(e.slice(flat, [first + rank], [k], [k + 1]), [...lead, ...counts]);
    part = dilate(e, part, [...lead, ...counts], first, strides, a.dtype);
    const spread = counts.map((c, i) => (c - 1) * strides[i]! + 1);
    const widths = at.map((o, i): [number, number] => [o, inShape[first + i]! - o - spread[i]!]);
    return e.pad(part, [...lead.map((): [number, number] => [0, 0]), ...widths], a.dtype);
  });
  const name = copies.reduce((sum, c) => e.node("Add", [sum, c]));
  return [{ name, shape: out.shape }];
};

/**
 * Inserts `by[i] − 1` zeros between neighbours along the trailing axes. Along the last axis a product with a matrix of zeros and ones does so: of
 * single numbers ONNX Runtime's Pad takes twenty times as long.
 */
export function dilate(
  e: Emitter,
  name: string,
  shape: readonly number[],
  first: number,
  by: readonly number[],
  dtype: Value["dtype"],
): string {
  const current = [...shape];
  for (let i = by.length - 1; i >= 0; i--) {
    const d = by[i]!;
    if (d === 1) continue;
    const axis = first + i;
    const n = current[axis]!;
    if (axis === current.length - 1 && dtype === "float32" && n > 1) {
      const m = (n - 1) * d + 1;
      const chosen = new Float32Array(n * m);
      for (let k = 0; k < n; k++) chosen[k * m + k * d] = 1;
      const rows = e.reshape(name, [size(current) / n, n]);
      current[axis] = m;
      name = e.reshape(e.node("MatMul", [rows, e.constant(chosen, [n, m], 1)]), current);
      continue;
    }
    const split = [...current.slice(0, axis + 1), 1, ...current.slice(axis + 1)];
    const widths = split.map((_, k): [number, number] => [0, k === axis + 1 ? d - 1 : 0]);
    name = e.pad(e.reshape(name, split), widths, dtype);
    current[axis] = n * d;
    name = e.slice(e.reshape(name, current), [axis], [0], [(n - 1) * d + 1]);
    current[axis] = (n - 1) * d + 1;
  }
  return name;
}

export const pooling: Record<string, Rule> = { pool, pool_transpose: poolTranspose };
