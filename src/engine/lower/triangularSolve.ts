import type { Atom, Node } from "../graph/graph.ts";
import { onnxTypes } from "../onnx/model.ts";
import { type DType, size } from "../tensor.ts";
import type { Emitter, Rule } from "./emitter.ts";
import { loop } from "./loop.ts";

/** Columns a loop treats one by one; everything between blocks of them is a matrix product. */
export const blockSize = 32;

export type Real = Extract<DType, "float32" | "float64">;

/** Matrices of an atom with all batch axes in one: [N, rows, columns]. */
export function matrices(e: Emitter, node: Node, a: Atom): { name: string; batch: number; dtype: Real } {
  if (a.dtype !== "float32" && a.dtype !== "float64") e.fail(node, "it needs float32 or float64");
  const [rows, columns] = a.shape.slice(-2) as [number, number];
  const batch = size(a.shape.slice(0, -2));
  return { name: e.reshape(e.full(a), [batch, rows, columns]), batch, dtype: a.dtype };
}

/** [start, size] of consecutive blocks. */
export function blocks(n: number): [start: number, size: number][] {
  const all: [number, number][] = [];
  for (let at = 0; at < n; at += blockSize) all.push([at, Math.min(blockSize, n - at)]);
  return all;
}

/** Columns of a batch of matrices. */
export const columns = (e: Emitter, name: string, from: number, to: number): string => e.slice(name, [2], [from], [to]);

/** Rows of a batch of matrices. */
export const rows = (e: Emitter, name: string, from: number, to: number): string => e.slice(name, [1], [from], [to]);

/** A · Bᵀ for batches of matrices. */
export const timesTransposed = (e: Emitter, a: string, b: string): string =>
  e.node("MatMul", [a, e.transpose(b, [0, 2, 1])]);

/** [steps, N, M], as a loop stacks columns, to [N, M, steps]. */
export const unstacked = (e: Emitter, name: string): string => e.transpose(name, [1, 2, 0]);

export interface Triangle {
  lower: boolean;
  unitDiagonal: boolean;
}

/**
 * Solves D Xᵀ = Rᵀ for one triangular block D [N, b, b] and R [N, M, b], one column of X after the other. Only the
 * triangle of D is read.
 */
export function solveBlock(
  e: Emitter,
  d: string,
  r: string,
  { batch, m, b, dtype }: { batch: number; m: number; b: number; dtype: Real },
  { lower, unitDiagonal }: Triangle,
): string {
  const carried = [{ name: r, type: onnxTypes[dtype], shape: [batch, m, b] }];
  const [, stacked] = loop(e, b, carried, (f, step, [rest]) => {
    const at = lower ? step : f.node("Sub", [f.int64(b - 1), step]);
    const right = f.node("Gather", [rest!, at], { axis: 2 }); // [N, M]
    const column = f.node("Gather", [d, at], { axis: 2 }); // [N, b]
    const pivot = f.reshape(f.node("Gather", [column, at], { axis: 1 }), [batch, 1]);
    const x = unitDiagonal ? f.node("Identity", [right]) : f.node("Div", [right, pivot]);
    const known = f.node("Mul", [f.reshape(x, [batch, m, 1]), f.reshape(column, [batch, 1, b])]);
    return { carried: [f.node("Sub", [rest!, known])], scanned: [{ name: x, type: onnxTypes[dtype] }] };
  }) as [string, string];
  const ordered = lower ? stacked : e.slice(stacked, [0], [-1], [-(2 ** 31)], [-1]);
  return unstacked(e, ordered);
}

/** X with A Xᵀ = Bᵀ, A [N, n, n] upper triangular and B [N, M, n]: blockwise back substitution. */
const triangularSolve: Rule = (e, node) => {
  const [a, b] = node.inputs as [Atom, Atom];
  const out = node.outputs[0]!;
  if (size(out.shape) === 0) return [e.get(b)];
  const { name: upper, batch, dtype } = matrices(e, node, a);
  const n = a.shape.at(-1)!;
  const m = b.shape.at(-2)!;
  const triangle = { lower: false, unitDiagonal: Boolean(node.params.unitDiagonal) };
  let rest = matrices(e, node, b).name;
  const solved: string[] = [];
  for (const [start, size] of blocks(n).reverse()) {
    const wide = columns(e, upper, start, start + size); // [N, n, b]
    const right = columns(e, rest, start, start + size);
    const x = solveBlock(e, rows(e, wide, start, start + size), right, { batch, m, b: size, dtype }, triangle);
    solved.unshift(x);
    if (start > 0) rest = e.node("Sub", [columns(e, rest, 0, start), timesTransposed(e, x, rows(e, wide, 0, start))]);
  }
  const x = solved.length === 1 ? solved[0]! : e.node("Concat", solved, { axis: 2 });
  return [{ name: e.reshape(x, out.shape), shape: out.shape }];
};

export const triangularSolves: Record<string, Rule> = { triangular_solve: triangularSolve };
