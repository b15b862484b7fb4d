import { type Atom, type Graph, isLiteral, type Node, type Value } from "../graph/graph.ts";

/**
 * Walks the graph in order and lets `rule` replace nodes. The rule sees a node whose inputs are already replaced and
 * returns the atoms that stand for its outputs, or undefined to keep it. New nodes it needs go through `emit`.
 */
export function rebuild(
  graph: Graph,
  rule: (node: Node, emit: (op: string, inputs: Atom[], params: unknown, like: Value) => Value) => Atom[] | undefined,
): Graph {
  const replaced = new Map<Value, Atom>();
  const resolve = (a: Atom): Atom => (isLiteral(a) ? a : (replaced.get(a) ?? a));
  const nodes: Node[] = [];
  let next = -1;
  const emit = (op: string, inputs: Atom[], params: unknown, like: Value): Value => {
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
