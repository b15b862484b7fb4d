import { grad, jvp, type Array as Traced } from "@jax-js/jax";
import { multiplyAdds, type Tensor } from "../src/engine/index.ts";
import type { Network, Params, TracedParams } from "../src/hypotheses/index.ts";
import { crossEntropyOf } from "../src/hypotheses/solvers/index.ts";

/** Multiply-adds of one inner step there and back: the loss gradient, and its second derivative. */
export async function innerStepMultiplyAdds(
  network: Network,
  params: Params,
  images: Tensor,
  labels: Tensor,
): Promise<number> {
  const loss = crossEntropyOf(network);
  const gradient = (p: TracedParams, x: Traced, y: Traced) =>
    grad((q: TracedParams) => loss(q, { images: x, labels: y, each: {} }, {}))(p as never);
  const second = (p: TracedParams, d: TracedParams, x: Traced, y: Traced) =>
    grad(
      ((q: TracedParams, z: Traced) => {
        const along = (r: TracedParams) => loss(r, { images: z, labels: y, each: {} }, {});
        const [value, tangent] = jvp(along, [q as never], [d as never]) as unknown as [Traced, Traced];
        value.dispose();
        return tangent;
      }) as never,
      { argnums: [0, 1] },
    )(...([p, x] as never));
  const one = [images.rows(0, 1), labels.rows(0, 1)];
  const [there, back] = [
    await multiplyAdds(gradient, [params, ...one]),
    await multiplyAdds(second, [params, params, ...one]),
  ];
  return images.shape[0]! * (there + back);
}
