import { tree } from "@jax-js/jax";
import type { Tensor } from "./tensor.ts";
import { size } from "./tensor.ts";
import { trace } from "./trace.ts";

/**
 * Multiply-adds of the convolutions and products in one call of a function, counted in its trace. Where a convolution's
 * kernel is larger than its image, as in second derivatives, the image's extent counts: the rest is padding.
 */
export async function multiplyAdds(
  fn: (...args: never[]) => unknown,
  args: readonly unknown[],
  name = fn.name,
): Promise<number> {
  const [examples, structure] = tree.flatten(args as never) as unknown as [Tensor[], unknown];
  const { graph } = await trace({ name, fn, structure, examples });
  let count = 0;
  for (const node of graph.nodes) {
    const [left, right] = node.inputs;
    const out = size(node.outputs[0]!.shape);
    if (node.op === "conv") {
      const [, channels, ...kernel] = right!.shape.slice(node.params.vmapDims as number);
      const image = left!.shape.slice((node.params.vmapDims as number) + 2);
      count += out * channels! * size(kernel.map((extent, d) => Math.min(extent, image[d]!)));
    }
    if (node.op === "dot") count += out * (right!.shape.at(-1) ?? 1);
  }
  return count;
}
