import { type Atom, type Graph, isLiteral, type Node, type Value } from "../graph/graph.ts";

/** Drops nodes whose outputs nothing reads. */
export function deadCode(graph: Graph): Graph {
  const live = new Set<Value>();
  const read = (a: Atom) => {
    if (!isLiteral(a)) live.add(a);
  };
  graph.outputs.forEach(read);
  const kept: Node[] = [];
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i]!;
    if (!node.outputs.some((v) => live.has(v))) continue;
    kept.push(node);
    node.inputs.forEach(read);
  }
  return { ...graph, nodes: kept.reverse() };
}
