import type { Atom } from "../graph/graph.ts";
import { onnxTypes } from "../onnx/model.ts";
import { size } from "../tensor.ts";
import { counting } from "./cholesky.ts";
import type { Emitter, Rule } from "./emitter.ts";
import { loop } from "./loop.ts";
import { blocks, columns, matrices, type Real, rows, solveBlock } from "./triangularSolve.ts";

const int64 = onnxTypes.int64;

/** Reorders the rows of [N, m, k] by positions [N, m]. */
const reordered = (e: Emitter, name: string, order: string, batch: number, m: number): string =>
  e.node("GatherND", [name, e.reshape(order, [batch, m, 1])], { batch_dims: 1 });

/**
 * Factors a panel [N, m, b] with partial pivoting in `steps` columns.
 *
 * @returns the panel with both factors in it, the order of its rows [N, m], and the pivots [N, steps] counted from its top.
 */
function panel(e: Emitter, name: string, batch: number, m: number, b: number, dtype: Real) {
  const order = e.node("Expand", [e.reshape(counting(e, m), [1, m]), e.ints([batch, m])]);
  const carried = [
    { name, type: onnxTypes[dtype], shape: [batch, m, b] },
    { name: order, type: int64, shape: [batch, m] },
  ];
  const steps = Math.min(m, b);
  const [factored, sorted, pivots] = loop(e, steps, carried, (f, step, [rest, before]) => {
    const row = f.reshape(counting(f, m), [1, m]);
    const column = f.reshape(counting(f, b), [1, 1, b]);
    const size = f.node("Abs", [f.node("Gather", [rest!, step], { axis: 2 })]);
    const done = f.node("Less", [row, step]);
    const pivot = f.node("ArgMax", [f.node("Where", [done, f.scalar(-1, dtype), size])], { axis: 1, keepdims: 0 });
    const tall = f.reshape(pivot, [batch, 1]);
    const swap = f.node("Where", [
      f.node("Equal", [row, step]),
      tall,
      f.node("Where", [f.node("Equal", [row, tall]), step, row]),
    ]);
    const swapped = reordered(f, rest!, swap, batch, m);
    const after = f.node("GatherElements", [before!, swap], { axis: 1 });
    const below = f.node("Greater", [row, step]); // [1, m]
    const values = f.node("Gather", [swapped, step], { axis: 2 }); // [N, m]
    const diagonal = f.reshape(f.node("Gather", [values, step], { axis: 1 }), [batch, 1]);
    // A zero pivot has only zeros below it; they stay.
    const zero = f.node("Equal", [diagonal, f.scalar(0, dtype)]);
    const divisor = f.node("Where", [zero, f.scalar(1, dtype), diagonal]);
    const l = f.reshape(f.node("Where", [below, f.node("Div", [values, divisor]), f.scalar(0, dtype)]), [batch, m, 1]);
    const u = f.reshape(f.node("Gather", [swapped, step], { axis: 1 }), [batch, 1, b]);
    const right = f.node("Where", [f.node("Greater", [column, step]), u, f.scalar(0, dtype)]);
    const updated = f.node("Sub", [swapped, f.node("Mul", [l, right])]);
    const here = f.node("And", [f.node("Equal", [column, step]), f.reshape(below, [1, m, 1])]);
    return { carried: [f.node("Where", [here, l, updated]), after], scanned: [{ name: pivot, type: int64 }] };
  }) as [string, string, string];
  return { factored, sorted, pivots: e.transpose(pivots, [1, 0]), steps };
}

/**
 * P A = L U with partial pivoting by blocks of columns: a panel, its row order applied to the whole remaining matrix, the
 * rows of U by a triangular solve, and one product that updates the rest. Outputs L and U in one matrix, the pivots and the
 * row order.
 */
const lu: Rule = (e, node) => {
  const [a] = node.inputs as [Atom];
  const [factors, pivotsOut, orderOut] = node.outputs as [Atom, Atom, Atom];
  if (size(a.shape) === 0) e.fail(node, "the matrix is empty");
  const [m, n] = a.shape.slice(-2) as [number, number];
  const { name, batch, dtype } = matrices(e, node, a);
  let rest = name; // the rows not finished yet, all columns
  let order = e.node("Expand", [e.reshape(counting(e, m), [1, m]), e.ints([batch, m])]);
  const finished: string[] = [];
  const orders: string[] = [];
  const pivots: string[] = [];
  let left = m;
  for (const [start, b] of blocks(Math.min(m, n))) {
    const p = panel(e, columns(e, rest, start, start + b), batch, left, b, dtype);
    const all = reordered(e, rest, p.sorted, batch, left);
    order = e.node("GatherElements", [order, p.sorted], { axis: 1 });
    pivots.push(e.node("Add", [p.pivots, e.int64(start)]));
    const beside = start === 0 ? [] : [columns(e, all, 0, start)];
    const parts = [...beside, p.factored];
    let updated: string | undefined;
    const end = start + b;
    if (end < n) {
      const l = rows(e, p.factored, 0, b);
      const right = columns(e, all, end, n);
      const top = e.transpose(rows(e, right, 0, b), [0, 2, 1]);
      const triangle = { lower: true, unitDiagonal: true };
      const u = e.transpose(solveBlock(e, l, top, { batch, m: n - end, b, dtype }, triangle), [0, 2, 1]);
      updated = u;
      if (left > b) {
        const product = e.node("MatMul", [rows(e, p.factored, b, left), u]);
        updated = e.node("Concat", [u, e.node("Sub", [rows(e, right, b, left), product])], { axis: 1 });
      }
    }
    const whole = updated ? [...parts, updated] : parts;
    const joined = whole.length === 1 ? whole[0]! : e.node("Concat", whole, { axis: 2 });
    finished.push(rows(e, joined, 0, b));
    orders.push(e.slice(order, [1], [0], [b]));
    rest = rows(e, joined, b, left);
    order = e.slice(order, [1], [b], [left]);
    left -= b;
  }
  if (left > 0) {
    finished.push(rest);
    orders.push(order);
  }
  const join = (parts: string[]) => (parts.length === 1 ? parts[0]! : e.node("Concat", parts, { axis: 1 }));
  return [
    { name: e.reshape(join(finished), factors.shape), shape: factors.shape },
    { name: e.reshape(e.cast(join(pivots), onnxTypes.int32), pivotsOut.shape), shape: pivotsOut.shape },
    { name: e.reshape(e.cast(join(orders), onnxTypes.int32), orderOut.shape), shape: orderOut.shape },
  ];
};

export const luFactors: Record<string, Rule> = { lu };
