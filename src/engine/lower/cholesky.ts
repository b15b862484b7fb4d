import type { Atom } from "../graph/graph.ts";
import { onnxTypes } from "../onnx/model.ts";
import { size } from "../tensor.ts";
import type { Emitter, Rule } from "./emitter.ts";
import { loop } from "./loop.ts";
import { blocks, columns, matrices, type Real, rows, timesTransposed, unstacked } from "./triangularSolve.ts";

/** 0, 1, … n − 1 as int64. */
export const counting = (e: Emitter, n: number): string => e.ints(Array.from({ length: n }, (_, i) => i));

/** Factors a panel [N, m, b] whose top b rows are a symmetric block, one column after the other. */
function panel(e: Emitter, name: string, batch: number, m: number, b: number, dtype: Real): string {
  const carried = [{ name, type: onnxTypes[dtype], shape: [batch, m, b] }];
  const [, stacked] = loop(e, b, carried, (f, step, [rest]) => {
    const column = f.node("Gather", [rest!, step], { axis: 2 }); // [N, m]
    const pivot = f.node("Sqrt", [f.reshape(f.node("Gather", [column, step], { axis: 1 }), [batch, 1])]);
    const above = f.node("Less", [counting(f, m), step]);
    const l = f.node("Where", [above, f.scalar(0, dtype), f.node("Div", [column, pivot])]);
    const top = f.slice(l, [1], [0], [b]);
    const known = f.node("Mul", [f.reshape(l, [batch, m, 1]), f.reshape(top, [batch, 1, b])]);
    return { carried: [f.node("Sub", [rest!, known])], scanned: [{ name: l, type: onnxTypes[dtype] }] };
  }) as [string, string];
  return unstacked(e, stacked);
}

/** L with A = L Lᵀ, right-looking by blocks of columns: a panel, then one product that updates what is left of A. */
const cholesky: Rule = (e, node) => {
  const [a] = node.inputs as [Atom];
  const out = node.outputs[0]!;
  if (size(out.shape) === 0) return [e.get(a)];
  const n = a.shape.at(-1)!;
  const { name, batch, dtype } = matrices(e, node, a);
  let rest = name;
  const panels: string[] = [];
  for (const [start, b] of blocks(n)) {
    const m = n - start;
    const l = panel(e, columns(e, rest, 0, b), batch, m, b, dtype);
    panels.push(
      e.pad(
        l,
        [
          [0, 0],
          [start, 0],
          [0, 0],
        ],
        dtype,
      ),
    );
    if (m === b) break;
    const below = rows(e, l, b, m);
    const corner = columns(e, rows(e, rest, b, m), b, m);
    rest = e.node("Sub", [corner, timesTransposed(e, below, below)]);
  }
  const l = panels.length === 1 ? panels[0]! : e.node("Concat", panels, { axis: 2 });
  return [{ name: e.reshape(l, out.shape), shape: out.shape }];
};

export const choleskyFactors: Record<string, Rule> = { cholesky };
