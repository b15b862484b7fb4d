import { type Graph, isLiteral, type Value } from "../graph/graph.ts";
import { rebuild } from "./rebuild.ts";

/** Two nodes with the same primitive, inputs and parameters become one. */
export function commonSubexpressions(graph: Graph): Graph {
  const seen = new Map<string, readonly Value[]>();
  return rebuild(graph, (node) => {
    const inputs = node.inputs.map((a) => (isLiteral(a) ? `#${a.literal}:${a.dtype}` : `%${a.id}`));
    const key = `${node.op}(${inputs})${JSON.stringify(node.params)}${node.outputs.map((o) => `${o.dtype}[${o.shape}]`)}`;
    const earlier = seen.get(key);
    if (earlier) return [...earlier];
    seen.set(key, node.outputs);
    return undefined;
  });
}
