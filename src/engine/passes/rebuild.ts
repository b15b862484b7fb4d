import { type Atom, type Graph, isLiteral, type Node, type Value } from "../graph/graph.ts";

/** Adds a node of one output and returns that output; `like` gives its shape and type. */
export type Emit = (op: string, inputs: Atom[], params: unknown, like: Pick<Value, "shape" | "dtype">) => Value;

/**
 * Walks the graph in order and lets `rule` replace nodes. The rule sees a node whose inputs are already replaced and
 * returns the atoms that stand for its outputs, or undefined to keep it. New nodes it needs go through `emit`.
 */
export function rebuild(graph: Graph, rule: (node: Node, emit: Emit) => Atom[] | undefined): Graph {
  const replaced = new Map<Value, Atom>();
  const resolve = (a: Atom): Atom => (isLiteral(a) ? a : (replaced.get(a) ?? a));
  const nodes: Node[] = [];
  // New values count down from the least number an earlier pass has given: numbers stay unique.
  let next = graph.nodes.reduce((least, node) => Math.min(least, ...node.outputs.map((v) => v.id)), 0) - 1;
  const emit: Emit = (op, inputs, params, like) => {
    const value: Value = { id: next--, shape: like.shape, dtype: like.dtype };
    const node: Node = { op, inputs, params, outputs: [value] };
    value.producer = node;
    nodes.push(node);
    return value;
  };
  for (const old of graph.nodes) {
    const inputs = old.inputs.map(resolve);
    const node: Node = inputs.some((a, i) => a !== old.inputs[i]) ? { ...old, inputs } : old;
    const results = rule(node, emit);
    if (results) {
      old.outputs.forEach((v, i) => {
        replaced.set(v, results[i]!);
      });
    } else {
      for (const v of node.outputs) v.producer = node;
      nodes.push(node);
    }
  }
  return { inputs: graph.inputs, nodes, outputs: graph.outputs.map(resolve) };
}
