import { grad, type Array as Traced, valueAndGrad } from "@jax-js/jax";
import { layerwiseCosine } from "../../src/discrepancies/gradient/index.ts";
import { compile, multiplyAdds, type Tensor, tensor } from "../../src/engine/index.ts";
import { type Network, oneHot, type TracedParams, trainingLosses } from "../../src/hypotheses/index.ts";
import type { BenchCase } from "../case.ts";
import { meanGradient } from "../lossGradient.ts";
import { named } from "../namedTensors.ts";
import { classes, noiseImages, weights } from "../problem.ts";

const ipc = 10;

/**
 * The gradients of one class: that of 256 real images, that of 10 synthetic ones, their layer-wise cosine distance and
 * its gradient with respect to the synthetic images.
 */
export const gradientMatching: BenchCase = {
  name: "gradient-matching-step",
  label: "gradient matching, one class: 256 real, 10 synthetic",
  title: "gradient matching of one class: 256 real images, 10 synthetic, gradient of the distance in the synthetic",
  prepare(network) {
    const params = weights(network);
    const images = noiseImages(network, "images", 256);
    const synthetic = noiseImages(network, "synthetic", ipc);
    const labels = new Int32Array(256).fill(3);
    const targets = oneHot(labels, classes);
    const own = oneHot(labels.subarray(0, ipc), classes);
    const mean = meanGradient(network);
    const pull = distanceAndGradient(network);
    const step = compile(pull, { name: "gradient matching" });
    return {
      tensors: { ...named("params", params), images, synthetic, labels: tensor(labels) },
      async run() {
        const real = await mean.run(params, images, targets);
        const { distance, gradient } = await step(params as never, real as never, synthetic as never, own as never);
        return { distance: distance as Tensor, gradient: gradient as Tensor };
      },
      multiplyAdds: async () =>
        (await mean.multiplyAdds(params, images, targets)) +
        (await multiplyAdds(pull, [params, params, synthetic, own])),
    };
  },
};

function distanceAndGradient(network: Network) {
  return (params: TracedParams, real: TracedParams, synthetic: Traced, targets: Traced) => {
    const distance = (images: Traced): Traced => {
      const loss = (p: TracedParams) =>
        trainingLosses["cross-entropy"](network.logits(p, images), targets).mul(1 / images.shape[0]!);
      return layerwiseCosine(grad(loss)(params as never) as unknown as TracedParams, real);
    };
    const [value, gradient] = valueAndGrad(distance)(synthetic) as [Traced, Traced];
    return { distance: value, gradient };
  };
}
