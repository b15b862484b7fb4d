import { type Atom, type Graph, isLiteral, type Node, producedBy, type Value } from "../graph/graph.ts";
import { size } from "../tensor.ts";
import { type Emit, rebuild } from "./rebuild.ts";

/**
 * Products that are written only to be added up, as second derivatives of a matrix product have them: a `dot` over an axis of
 * one element, transposed, then summed over axes that both its sides have, is a `dot` over those axes.
 */
export function contractions(graph: Graph): Graph {
  return rebuild(graph, (node, emit) => {
    const isSum = node.op === "reduce" && String(node.params.op) === "Add";
    const result = isSum && contraction(node, emit);
    return result ? [result] : undefined;
  });
}

function contraction(node: Node, emit: Emit): Value | undefined {
  const [a] = node.inputs as [Atom];
  const moved = producedBy(a, "transpose");
  const outer = producedBy(moved ? moved.inputs[0]! : a, "dot");
  if (!outer) return undefined;
  const all = a.shape.map((_, i) => i);
  const perm = moved ? (moved.params.perm as number[]) : all;
  const axes = node.params.axis as number[];
  const summed = axes.map((i) => perm[i]!);
  const kept = all.filter((i) => !axes.includes(i)).map((i) => perm[i]!);
  const depth = size(axes.map((i) => a.shape[i]!));
  const sides = outer.inputs as readonly Value[];
  const has = (x: Atom): x is Value =>
    !isLiteral(x) &&
    x.shape.length === all.length + 1 &&
    x.shape.at(-1) === 1 &&
    size(summed.map((i) => x.shape[i]!)) === depth;
  if (!sides.every(has)) return undefined;
  const arranged = sides.map((x) => {
    const products = emit("reshape", [x], { shape: x.shape.slice(0, -1) }, { ...x, shape: x.shape.slice(0, -1) });
    const order = [...kept, ...summed];
    const shape = order.map((i) => x.shape[i]!);
    const turned = emit("transpose", [products], { perm: order }, { ...x, shape });
    const last = [...shape.slice(0, kept.length), depth];
    return summed.length === 1 ? turned : emit("reshape", [turned], { shape: last }, { ...x, shape: last });
  });
  return emit("dot", arranged, {}, node.outputs[0]!);
}
