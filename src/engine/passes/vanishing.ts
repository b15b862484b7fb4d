import { type Atom, type Graph, isLiteral, type Node, type Value } from "../graph/graph.ts";
import { rebuild } from "./rebuild.ts";

/** Operators that are zero where all of these inputs are: products where one is, sums and choices where all are. */
const inputs: Readonly<Record<string, (node: Node) => readonly (readonly Atom[])[]>> = {
  mul: ({ inputs: [a, b] }) => [[a!], [b!]],
  dot: ({ inputs: [a, b] }) => [[a!], [b!]],
  div: ({ inputs: [a] }) => [[a!]],
  add: (node) => [node.inputs],
  sub: (node) => [node.inputs],
  where: ({ inputs: [, a, b] }) => [[a!, b!]],
  reduce: ({ inputs: [a], params }) => (String(params.op) === "Add" ? [[a!]] : []),
  neg: (node) => [node.inputs],
  broadcast: (node) => [node.inputs],
  reshape: (node) => [node.inputs],
  transpose: (node) => [node.inputs],
};

/**
 * Drops what `givenDerivatives` adds: x less itself, and all that is a multiple of it, is zero whatever finite number x is. For
 * graphs in which `algebra` has removed `stop_gradient` and written a + (−b) as a − b. Where such a zero is read by an
 * operator that is not named above it is still computed.
 */
export function vanishing(graph: Graph): Graph {
  const zeros = new Set<Value>();
  const zero = (a: Atom): boolean => (isLiteral(a) ? a.literal === 0 : zeros.has(a));
  for (const node of graph.nodes) {
    const [a, b] = node.inputs;
    if ((node.op === "sub" && a === b) || inputs[node.op]?.(node).some((all) => all.every(zero)))
      zeros.add(node.outputs[0]!);
  }
  if (zeros.size === 0) return graph;
  return rebuild(graph, (node, emit) => {
    const [a, b] = node.inputs as [Atom, Atom];
    const out = node.outputs[0]!;
    if (zeros.has(out) || (node.op !== "add" && node.op !== "sub")) return undefined;
    const same = (x: Atom) => String(x.shape) === String(out.shape) && x.dtype === out.dtype;
    if (!isLiteral(b) && zeros.has(b) && same(a)) return [a];
    if (isLiteral(a) || !zeros.has(a) || !same(b)) return undefined;
    return [node.op === "add" ? b : emit("neg", [b], {}, out)];
  });
}
