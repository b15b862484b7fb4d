import { size } from "../tensor.ts";
import { type Atom, type Graph, isLiteral } from "./graph.ts";

/**
 * Multiply-adds of a graph's convolutions and products. Where a convolution's kernel is larger than its image, as in second
 * derivatives, the image's extent counts: the rest is padding. Convolutions by constants, which the first `captured` inputs
 * are, only move numbers about and count nothing.
 */
export function multiplyAddsOf(graph: Graph, captured = 0): number {
  let count = 0;
  const constants = new Set<Atom>(graph.inputs.slice(0, captured));
  for (const node of graph.nodes) {
    const [left, right] = node.inputs;
    const out = size(node.outputs[0]!.shape);
    if (node.inputs.length > 0 && node.inputs.every((a) => isLiteral(a) || constants.has(a)))
      for (const v of node.outputs) constants.add(v);
    if (node.op === "conv" && !constants.has(right!)) {
      const [, channels, ...kernel] = right!.shape.slice(node.params.vmapDims as number);
      const image = left!.shape.slice((node.params.vmapDims as number) + 2);
      count += out * channels! * size(kernel.map((extent, d) => Math.min(extent, image[d]!)));
    }
    if (node.op === "dot") count += out * (right!.shape.at(-1) ?? 1);
  }
  return count;
}

/**
 * Operations that read little beside their operands: a product's operands are broadcast to all its multiply-adds, and views
 * cost nothing.
 */
const unread = new Set(["dot", "broadcast", "transpose", "reshape"]);

/** A graph's multiply-adds and the elements that its other nodes read: what a core has to do for it, roughly. */
export function workOf(graph: Graph): number {
  let read = 0;
  for (const node of graph.nodes)
    if (!unread.has(node.op)) for (const a of node.inputs) read += isLiteral(a) ? 0 : size(a.shape);
  return multiplyAddsOf(graph) + read;
}
