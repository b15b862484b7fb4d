import { grad, nn, numpy as np, type Array as Traced } from "@jax-js/jax";
import { multiplyAdds, summedInParts, type Tensor } from "../src/engine/index.ts";
import type { Network, Params, TracedParams } from "../src/hypotheses/index.ts";
import { chunkedSum } from "./ours.ts";
import { scaled } from "./problem.ts";

export type Samples = { images: Traced; targets: Traced };

/** Gradient of the cross-entropy summed over samples: a statistic. */
export function summedGradient(network: Network) {
  return (params: TracedParams, { images, targets }: Samples): TracedParams => {
    const loss = (p: TracedParams) => np.sum(targets.mul(nn.logSoftmax(network.logits(p, images)))).mul(-1);
    return grad(loss)(params as never) as unknown as TracedParams;
  };
}

/** Gradient of the mean cross-entropy with respect to all weights, in chunks. */
export function meanGradient(network: Network) {
  const fn = summedGradient(network);
  const sum = chunkedSum(summedInParts(fn), { name: "loss gradient" });
  return {
    async run(params: Params, images: Tensor, targets: Tensor): Promise<Params> {
      const total = (await sum(params as never, { images, targets } as never)) as unknown as Params;
      const mean: Params = {};
      for (const [layer, tensors] of Object.entries(total)) {
        mean[layer] = {};
        for (const [name, t] of Object.entries(tensors)) mean[layer]![name] = scaled(t, 1 / images.shape[0]!);
      }
      return mean;
    },
    multiplyAdds: async (params: Params, images: Tensor, targets: Tensor) =>
      images.shape[0]! * (await multiplyAdds(fn, [params, { images: images.rows(0, 1), targets: targets.rows(0, 1) }])),
  };
}
