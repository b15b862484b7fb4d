import { countUses, type Graph, isLiteral, type Value } from "../graph/graph.ts";
import { encodeModel, type OnnxNode, onnxTypes } from "../onnx/model.ts";
import { convolutions } from "./conv.ts";
import { products } from "./dot.ts";
import { elementwise } from "./elementwise.ts";
import { Emitter, type Rule, type Target } from "./emitter.ts";
import { indexing } from "./indexing.ts";
import { movement } from "./movement.ts";
import { pooling } from "./pool.ts";
import { reductions } from "./reduce.ts";

/** One rule per primitive of jax-js and per primitive the passes introduce. */
export const rules: Readonly<Record<string, Rule>> = {
  ...elementwise,
  ...movement,
  ...reductions,
  ...pooling,
  ...products,
  ...convolutions,
  ...indexing,
};

export interface Lowered {
  /** The ONNX model, serialised. */
  readonly model: Uint8Array;
  /** Inputs the model reads, as positions in the graph's inputs, in the model's order (named i0, i1, …). */
  readonly inputs: readonly number[];
  /** Outputs of the model, named o0, o1, …. */
  readonly outputs: readonly { shape: readonly number[]; dtype: Value["dtype"] }[];
}

/**
 * Lowers a graph to ONNX.
 *
 * @throws AttarError naming the primitive and the function where there is no rule for it.
 */
export function lower(graph: Graph, name: string, target: Target): Lowered {
  const e = new Emitter(name, target, countUses(graph));
  const read = new Set<Value>();
  for (const node of graph.nodes) for (const a of node.inputs) if (!isLiteral(a)) read.add(a);
  for (const a of graph.outputs) if (!isLiteral(a)) read.add(a);
  const used = graph.inputs.flatMap((v, i) => (read.has(v) ? [i] : []));
  for (const i of used) {
    const v = graph.inputs[i]!;
    e.set(v, { name: `i${i}`, shape: v.shape });
  }
  for (const node of graph.nodes) {
    const rule = rules[node.op] ?? (() => e.fail(node, "there is no rule for it"));
    const held = rule(e, node);
    node.outputs.forEach((v, i) => {
      e.set(v, held[i]!);
    });
  }
  const outputs = graph.outputs.map((a, i) => {
    const name = e.full(a);
    e.nodes.push({ op: "Identity", inputs: [name], outputs: [`o${i}`] });
    return { name: `o${i}`, shape: a.shape, dtype: a.dtype };
  });
  const nodes = reached(
    e.nodes,
    outputs.map((o) => o.name),
  );
  const model = encodeModel({
    nodes,
    initializers: e.initializers,
    inputs: used.map((i) => ({
      name: `i${i}`,
      type: onnxTypes[graph.inputs[i]!.dtype],
      shape: graph.inputs[i]!.shape,
    })),
    outputs: outputs.map((o) => ({ name: o.name, type: onnxTypes[o.dtype], shape: o.shape })),
  });
  return { model, inputs: used, outputs };
}

/** The nodes that some output depends on: rules may emit a form that a later rule replaces. */
function reached(nodes: readonly OnnxNode[], outputs: readonly string[]): OnnxNode[] {
  const wanted = new Set(outputs);
  const kept: OnnxNode[] = [];
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i]!;
    if (!node.outputs.some((o) => wanted.has(o))) continue;
    kept.push(node);
    for (const name of node.inputs) wanted.add(name);
  }
  return kept.reverse();
}
