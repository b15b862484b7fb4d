import type { Atom } from "../graph/graph.ts";
import { onnxTypes } from "../onnx/model.ts";
import { size } from "../tensor.ts";
import type { Emitter, Held, Rule } from "./emitter.ts";

const isFloat = (a: Atom) => a.dtype === "float32" || a.dtype === "float64";

/** Sorts ascending along the last axis, ties by index: values and int64 positions. NaNs count as +∞ here. */
function ascending(e: Emitter, a: Atom): { values: string; at: string; nan?: string } {
  const n = a.shape.at(-1)!;
  let keys = e.full(a);
  let nan: string | undefined;
  if (isFloat(a)) {
    nan = e.node("IsNaN", [keys]);
    keys = e.node("Where", [nan, e.scalar(Number.POSITIVE_INFINITY, a.dtype), keys]);
  } else if (a.dtype !== "int32") keys = e.cast(keys, a.dtype === "bool" ? onnxTypes.int32 : onnxTypes.int64);
  const [values, at] = e.multi("TopK", [keys, e.ints([n])], 2, { axis: -1, largest: 0, sorted: 1 }) as [string, string];
  return { values: isFloat(a) || a.dtype === "int32" ? values : e.cast(values, onnxTypes[a.dtype]), at, nan };
}

/** Number of marked elements of each row, kept as an axis of 1. */
const count = (e: Emitter, marks: string): string =>
  e.node("ReduceSum", [e.cast(marks, onnxTypes.int64), e.ints([-1])], { keepdims: 1 });

const positions = (e: Emitter, n: number): string => e.ints(Array.from({ length: n }, (_, i) => i));

/** Sorted values along the last axis, NaNs at the end. */
const sort: Rule = (e, node) => {
  const [a] = node.inputs as [Atom];
  const out = node.outputs[0]!;
  if (size(a.shape) === 0) return [e.get(a)];
  const { values, nan } = ascending(e, a);
  if (!nan) return [{ name: values, shape: out.shape }];
  const n = a.shape.at(-1)!;
  const numbers = e.node("Sub", [e.int64(n), count(e, nan)]);
  const name = e.node("Where", [e.node("Less", [positions(e, n), numbers]), values, e.scalar(Number.NaN, a.dtype)]);
  return [{ name, shape: out.shape }];
};

/**
 * Sorted values and their positions, stable, NaNs at the end in their own order. The sort leaves infinities and NaNs
 * mixed in order of position; a stable partition, by running counts of the NaNs, then parts them.
 */
const argsort: Rule = (e, node) => {
  const [a] = node.inputs as [Atom];
  const shape = a.shape;
  const held = (values: string, at: string): Held[] => [
    { name: values, shape },
    { name: e.cast(at, onnxTypes.int32), shape },
  ];
  if (size(shape) === 0) return held(e.full(a), e.full(a));
  const { values, at, nan } = ascending(e, a);
  if (!nan) return held(values, at);
  const n = shape.at(-1)!;
  const marks = e.node("GatherElements", [nan, at], { axis: -1 });
  const before = e.node("CumSum", [e.cast(marks, onnxTypes.int64), e.int64(shape.length - 1)]);
  const numbers = e.node("Sub", [e.int64(n), count(e, nan)]);
  const to = e.node("Where", [
    marks,
    e.node("Sub", [e.node("Add", [numbers, before]), e.int64(1)]),
    e.node("Sub", [positions(e, n), before]),
  ]);
  const parted = e.node("ScatterElements", [at, to, at], { axis: -1 });
  return held(e.node("GatherElements", [e.full(a), parted], { axis: -1 }), parted);
};

export const sorting: Record<string, Rule> = { sort, argsort };
