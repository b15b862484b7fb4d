import { type Atom, producedBy } from "../graph/graph.ts";
import { onnxTypes } from "../onnx/model.ts";
import { size } from "../tensor.ts";
import type { Emitter, Held, Rule } from "./emitter.ts";
import { reducedPool } from "./pool.ts";

/** Sums, products, minima and maxima over axes. A pending broadcast is never carried out just to be summed. */
const reduce: Rule = (e, node) => {
  const [a] = node.inputs as [Atom];
  const out = node.outputs[0]!;
  const op = String(node.params.op).toLowerCase();
  const axes = node.params.axis as number[];
  const { scale = 1 } = node.params as { scale?: number };
  const pooled = producedBy(a, "pool");
  if (pooled) {
    const held = reducedPool(e, pooled, op, axes, out, scale);
    if (held) return [held];
  }
  const dot = op === "add" && scale === 1 ? dotOfPlanes(e, a, axes) : undefined;
  if (dot) return [dot];
  if (out.dtype === "bool" || out.dtype === "uint32") return [reduceWide(e, a, op, axes, out.shape, out.dtype)];
  const source = e.get(a);
  const lead = a.shape.length - source.shape.length;
  const stored = (axis: number) => (axis < lead ? 1 : source.shape[axis - lead]!);
  const repeated = axes.filter((axis) => stored(axis) === 1 && a.shape[axis] !== 1);
  const real = axes.filter((axis) => stored(axis) !== 1);
  const full = a.shape.map((_, i) => stored(i));
  let name = source.name;
  if (real.length > 0) {
    if (lead > 0) name = e.reshape(name, full);
    const operators: Record<string, string> = {
      add: "ReduceSum",
      mul: "ReduceProd",
      min: "ReduceMin",
      max: "ReduceMax",
    };
    name = e.node(operators[op]!, [name, e.ints(real)], { keepdims: 0 });
  }
  const kept = full.filter((_, i) => !axes.includes(i));
  const afterReal = full.filter((_, i) => !real.includes(i));
  if (String(kept) !== String(afterReal) || (real.length === 0 && String(kept) !== String(source.shape)))
    name = e.reshape(name, kept);
  const times = repeated.reduce((n, axis) => n * a.shape[axis]!, scale);
  if (times !== 1 && op === "add") name = e.node("Mul", [name, e.scalar(times, out.dtype)]);
  if (times !== 1 && op === "mul") name = e.node("Pow", [name, e.scalar(times, out.dtype)]);
  return [{ name, shape: kept }];
};

/** Fewest numbers of a plane or row from which an operator's cost for each is repaid. */
const numbersFrom = 512;

/**
 * Σ x · y over the planes of [n, C, H, W] or the rows of [n, d], their product read nowhere else: on a CPU a convolution of every plane of
 * x by the plane of y, which reads both once and writes no product.
 */
function dotOfPlanes(e: Emitter, a: Atom, axes: readonly number[]): Held | undefined {
  const product = producedBy(a, "mul");
  const { shape } = a;
  if (!product || a.dtype !== "float32" || !["4 2,3", "2 1"].includes(`${shape.length} ${axes}`)) return undefined;
  const plane = shape.slice(axes[0]);
  const outer = shape.slice(0, axes[0]);
  const count = size(outer);
  const whole = product.inputs.every((x) => x.dtype === "float32" && String(e.get(x).shape) === String(shape));
  if (e.target.channelBlock === 0 || size(plane) < numbersFrom || !whole || e.uses.get(product.outputs[0]!) !== 1)
    return undefined;
  const [x, y] = product.inputs.map((atom) => e.get(atom).name) as [string, string];
  const planes = [e.reshape(x, [1, count, ...plane]), e.reshape(y, [count, 1, ...plane])];
  const dots = e.node("Conv", planes, { group: count, kernel_shape: [...plane] });
  return { name: e.reshape(dots, outer), shape: outer };
}

function reduceWide(
  e: Emitter,
  a: Atom,
  op: string,
  axes: number[],
  shape: readonly number[],
  dtype: "bool" | "uint32",
): Held {
  const via = dtype === "bool" ? onnxTypes.int32 : onnxTypes.int64;
  const operator = {
    add: dtype === "bool" ? "ReduceMax" : "ReduceSum",
    mul: dtype === "bool" ? "ReduceMin" : "ReduceProd",
    min: "ReduceMin",
    max: "ReduceMax",
  }[op]!;
  let name = e.node(operator, [e.cast(e.full(a), via), e.ints(axes)], { keepdims: 0 });
  if (dtype === "uint32") name = e.node("BitwiseAnd", [name, e.int64(0xffffffff)]);
  return { name: e.cast(name, onnxTypes[dtype]), shape };
}

export const reductions: Record<string, Rule> = { reduce };
