import { tree } from "@jax-js/jax";
import type { Tensor } from "./tensor.ts";
import { size } from "./tensor.ts";
import { trace } from "./trace.ts";

/** Multiply-adds of the convolutions and products in one call of a function, counted in its trace. */
export async function multiplyAdds(
  fn: (...args: never[]) => unknown,
  args: readonly unknown[],
  name = fn.name,
): Promise<number> {
  const [examples, structure] = tree.flatten(args as never) as unknown as [Tensor[], unknown];
  const { graph } = await trace({ name, fn, structure, examples });
  let count = 0;
  for (const node of graph.nodes) {
    const [, right] = node.inputs;
    const out = size(node.outputs[0]!.shape);
    if (node.op === "conv") count += out * size(right!.shape.slice(node.params.vmapDims + 1));
    if (node.op === "dot") count += out * (right!.shape.at(-1) ?? 1);
  }
  return count;
}
