import { type Graph, isLiteral, type Value } from "../graph/graph.ts";
import { rebuild } from "./rebuild.ts";

const commutes = new Set(["add", "mul"]);

/**
 * Two nodes with the same primitive, inputs and parameters become one. `anyOrder` joins a · b with b · a as well: for graphs
 * that are otherwise finished, since an array read twice is one that linear arithmetic can no longer pass through.
 */
export function commonSubexpressions(graph: Graph, anyOrder = false): Graph {
  const seen = new Map<string, readonly Value[]>();
  return rebuild(graph, (node) => {
    const inputs = node.inputs.map((a) => (isLiteral(a) ? `#${a.literal}:${a.dtype}` : `%${a.id}`));
    if (anyOrder && commutes.has(node.op)) inputs.sort();
    const key = `${node.op}(${inputs})${JSON.stringify(node.params)}${node.outputs.map((o) => `${o.dtype}[${o.shape}]`)}`;
    const earlier = seen.get(key);
    if (earlier) return [...earlier];
    seen.set(key, node.outputs);
    return undefined;
  });
}
