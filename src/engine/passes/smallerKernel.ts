import type { ConvParams } from "../graph/convParams.ts";
import { type Atom, type Graph, isLiteral, type Node, producedBy, type Value } from "../graph/graph.ts";
import { type Emit, rebuild } from "./rebuild.ts";

/**
 * A convolution whose kernel is larger than its image, which double backward through a weight gradient makes: the roles are
 * swapped, so that the small array is the kernel. Both are read backwards for that, and differentiation has written the large
 * one backwards already, so that only the small one is turned. A weight gradient itself, of few positions, stays as it is.
 */
export function smallerKernel(graph: Graph): Graph {
  return rebuild(graph, (node, emit) => {
    if (node.op === "flip") {
      const inner = producedBy(node.inputs[0]!, "flip");
      return inner && String(inner.params.axis) === String(node.params.axis) ? [inner.inputs[0]!] : undefined;
    }
    return node.op === "conv" && hasLargeKernel(node) ? [swapped(node, emit)] : undefined;
  });
}

function hasLargeKernel(node: Node): boolean {
  const p = node.params as ConvParams;
  const [image, kernel] = node.inputs as [Atom, Atom];
  const unit = [...p.strides, ...p.lhsDilation, ...p.rhsDilation].every((d) => d === 1);
  const inSpace = image.shape.slice(2);
  const space = node.outputs[0]!.shape.slice(2);
  const large = inSpace.every((d, i) => d < kernel.shape[2 + i]! && d <= space[i]!);
  return p.vmapDims === 0 && unit && inSpace.length === 2 && large;
}

/**
 * Σ_r image[r] kernel[r − q + before] with both backwards, s and j for the new indices: Σ_s image′[s] kernel′[q + s − pad],
 * pad = before − (K − k) for a kernel of length K and an image of length k.
 */
function swapped(node: Node, emit: Emit): Value {
  const p = node.params as ConvParams;
  const [image, kernel] = node.inputs as [Value, Value];
  const out = node.outputs[0]!;
  const padding = p.padding.map(([before, after], i) => {
    const excess = kernel.shape[2 + i]! - image.shape[2 + i]!;
    return [before - excess, after - excess];
  });
  const [m, o] = out.shape as [number, number];
  const like = { shape: [o, m, ...out.shape.slice(2)], dtype: out.dtype };
  const result = emit("conv", [backwards(kernel, emit), backwards(image, emit)], { ...p, padding }, like);
  return emit("transpose", [result], { perm: [1, 0, 2, 3] }, out);
}

function backwards(a: Atom, emit: Emit): Atom {
  const inner = producedBy(a, "flip");
  if (inner && String(inner.params.axis) === "2,3") return inner.inputs[0]!;
  return isLiteral(a) ? a : emit("flip", [a], { axis: [2, 3] }, a);
}
