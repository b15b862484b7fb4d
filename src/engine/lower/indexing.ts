import type { Atom } from "../graph/graph.ts";
import { onnxTypes } from "../onnx/model.ts";
import { broadcastShapes } from "./elementwise.ts";
import type { Emitter, Rule } from "./emitter.ts";

/** Indices as int64 of their common shape, stacked along a new last axis. */
function stacked(e: Emitter, indices: readonly Atom[]): { name: string; shape: number[] } {
  const rank = Math.max(...indices.map((a) => a.shape.length));
  const shape = broadcastShapes(
    indices.map((a) => a.shape),
    rank,
  );
  const parts = indices.map((a) => {
    const wide = e.node("Expand", [e.cast(e.full(a), onnxTypes.int64), e.ints(shape)]);
    return e.reshape(wide, [...shape, 1]);
  });
  return { name: parts.length === 1 ? parts[0]! : e.node("Concat", parts, { axis: rank }), shape };
}

/** Order that brings `axes` to the front, and its inverse's use for going back. */
function toFront(rank: number, axes: readonly number[]): number[] {
  return [...axes, ...Array.from({ length: rank }, (_, i) => i).filter((i) => !axes.includes(i))];
}

/** [index…, rest…] ↔ rest with the index axes inserted at `outDim`. */
function placed(indexRank: number, restRank: number, outDim: number): number[] {
  const rest = Array.from({ length: restRank }, (_, i) => indexRank + i);
  const index = Array.from({ length: indexRank }, (_, i) => i);
  return [...rest.slice(0, outDim), ...index, ...rest.slice(outDim)];
}

const invert = (perm: readonly number[]) => perm.map((_, i) => perm.indexOf(i));

const gather: Rule = (e, node) => {
  const [x, ...indices] = node.inputs as [Atom, ...Atom[]];
  const { axis, outDim } = node.params as { axis: number[]; outDim: number };
  const out = node.outputs[0]!;
  if (indices.length === 1 && outDim === axis[0]) {
    const name = e.node("Gather", [e.full(x), e.cast(e.full(indices[0]!), onnxTypes.int64)], { axis: axis[0]! });
    return [{ name, shape: out.shape }];
  }
  const source = e.transpose(e.full(x), toFront(x.shape.length, axis));
  const at = stacked(e, indices);
  const picked = e.node("GatherND", [source, at.name]);
  const rest = x.shape.length - axis.length;
  return [{ name: e.transpose(picked, placed(at.shape.length, rest, outDim)), shape: out.shape }];
};

const scatter: Rule = (e, node) => {
  const [updates, ...indices] = node.inputs as [Atom, ...Atom[]];
  const { op, shape, axis, outDim } = node.params as { op: string; shape: number[]; axis: number[]; outDim: number };
  const out = node.outputs[0]!;
  const front = toFront(shape.length, axis);
  const at = stacked(e, indices);
  const rest = shape.length - axis.length;
  const ordered = e.transpose(e.full(updates), invert(placed(at.shape.length, rest, outDim)));
  const via = out.dtype === "uint32" || out.dtype === "bool" ? "int32" : out.dtype;
  const values = via === out.dtype ? ordered : e.cast(ordered, onnxTypes[via]);
  const zeros = e.node("Expand", [e.scalar(0, via), e.ints(front.map((i) => shape[i]!))]);
  let name = e.node("ScatterND", [zeros, at.name, values], { reduction: op === "add" ? "add" : "none" });
  if (via !== out.dtype) name = e.cast(name, onnxTypes[out.dtype]);
  return [{ name: e.transpose(name, invert(front)), shape: out.shape }];
};

export const indexing: Record<string, Rule> = { gather, scatter };
