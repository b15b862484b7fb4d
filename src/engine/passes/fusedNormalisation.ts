import { type Atom, countUses, type Graph, isLiteral, type Node, producedBy, type Value } from "../graph/graph.ts";
import { rebuild } from "./rebuild.ts";

/**
 * Instance normalisation written out, as one primitive: (x − mean) · (weight / √(var + ε)) + bias with mean and biased
 * variance over height and width. ONNX Runtime then reads each plane while it is in the nearest cache. Matched only where
 * nothing else reads the intermediate arrays, which is where no gradient is taken.
 */
export function fusedNormalisation(graph: Graph): Graph {
  const uses = countUses(graph);
  const once = (a: Atom, times = 1) => !isLiteral(a) && uses.get(a) === times;
  return rebuild(graph, (node, emit) => {
    const out = node.outputs[0]!;
    if (node.op !== "add" || out.dtype !== "float32" || out.shape.length !== 4) return undefined;
    for (const [i, scaled] of node.inputs.entries()) {
      const bias = perChannel(node.inputs[1 - i]!, out);
      const product = producedBy(scaled, "mul");
      if (!bias || !product || !once(scaled)) continue;
      const matched = match(product, out, once);
      if (matched) return [emit("instance_norm", [matched.x, matched.weight, bias], { epsilon: matched.epsilon }, out)];
    }
    return undefined;
  });
}

/** The vector behind a [1, C, 1, 1] reshape. */
function perChannel(a: Atom, out: Value): Value | undefined {
  const vector = producedBy(a, "reshape")?.inputs[0];
  const channels = out.shape[1];
  const shaped = String(a.shape) === String([1, channels, 1, 1]);
  return vector && !isLiteral(vector) && shaped && String(vector.shape) === String([channels]) ? vector : undefined;
}

function match(product: Node, out: Value, once: (a: Atom, times?: number) => boolean) {
  for (const [i, centred] of product.inputs.entries()) {
    const difference = producedBy(centred, "sub");
    const scale = producedBy(product.inputs[1 - i]!, "div");
    const [x, mean] = difference?.inputs ?? [];
    if (!difference || !scale || !x || !mean || isLiteral(x) || !once(centred, 3)) continue;
    const weight = perChannel(scale.inputs[0]!, out);
    const root = producedBy(scale.inputs[1]!, "sqrt");
    const shifted = root && producedBy(root.inputs[0]!, "add");
    const epsilon = shifted?.inputs.find(isLiteral);
    const variance = shifted?.inputs.find((a) => !isLiteral(a));
    if (!weight || !epsilon || !variance) continue;
    const square = meanOver(variance, out);
    const squared = square && producedBy(square, "mul");
    const isSquare = squared?.inputs[0] === centred && squared.inputs[1] === centred;
    if (meanOver(mean, out) === x && isSquare) return { x, weight, epsilon: epsilon.literal };
  }
  return undefined;
}

/** The array whose mean over height and width this is: a sum over both, reshaped, times 1 / (height · width). */
export function meanOver(a: Atom, out: Value): Atom | undefined {
  const scaled = producedBy(a, "mul");
  const factor = scaled?.inputs.find(isLiteral);
  const shaped = scaled?.inputs.find((x) => !isLiteral(x));
  const sum = shaped && producedBy(producedBy(shaped, "reshape")?.inputs[0] ?? shaped, "reduce");
  const [h, w] = [out.shape[2]!, out.shape[3]!];
  const right = sum && String(sum.params.op) === "Add" && String(sum.params.axis) === "2,3";
  return right && factor && Math.abs(factor.literal * h * w - 1) < 1e-6 ? sum.inputs[0] : undefined;
}
