import { grad, type Array as Traced, valueAndGrad } from "@jax-js/jax";
import { convolutionSquared } from "../../src/discrepancies/gradient/index.ts";
import { compile, multiplyAdds, type Tensor, tensor } from "../../src/engine/index.ts";
import {
  fieldRecipe,
  type Network,
  oneHot,
  optimizerOf,
  type TracedParams,
  trainingLosses,
  trainingStep,
} from "../../src/hypotheses/index.ts";
import { form } from "../../src/synthetic/formation.ts";
import type { BenchCase } from "../case.ts";
import { meanGradient, summedGradient } from "../lossGradient.ts";
import { named } from "../namedTensors.ts";
import { classes, cyclicLabels, noiseImages, weights } from "../problem.ts";

const ipc = 10;
const factor = 2;
const realBatch = 64;

/**
 * IDC, one class and the training that follows it: the gradient of 64 real images, the gradient of 40 synthetic ones decoded
 * from 10 stored, the squared difference over convolutions and its gradient in the stored pixels; then one step of the network
 * on 64 real images.
 */
export const idc: BenchCase = {
  name: "idc-step",
  title:
    "IDC: 64 real images of a class, 10 stored decoded to 40, gradient in the stored; one training step on 64 real",
  prepare(network) {
    const params = weights(network);
    const images = noiseImages(network, "images", realBatch);
    const synthetic = noiseImages(network, "synthetic", ipc);
    const batch = noiseImages(network, "batch", realBatch);
    const labels = new Int32Array(realBatch).fill(3);
    const batchLabels = cyclicLabels(realBatch);
    const [targets, batchTargets] = [oneHot(labels, classes), oneHot(batchLabels, classes)];
    const own = oneHot(new Int32Array(factor * factor * ipc).fill(3), classes);
    const mean = meanGradient(network);
    const pull = distanceAndGradient(network);
    const match = compile(pull, { name: "multi-formation gradient matching" });
    const train = trainingStep(network, fieldRecipe);
    const rate = tensor(fieldRecipe.learningRate);
    let state = { params, optimizer: optimizerOf(fieldRecipe).init(params), statistics: {} };
    return {
      tensors: {
        ...named("params", params),
        images,
        synthetic,
        labels: tensor(labels),
        batch,
        batchLabels: tensor(batchLabels),
      },
      async run() {
        const real = await mean.run(state.params, images, targets);
        const { distance, gradient } = await match(
          state.params as never,
          real as never,
          synthetic as never,
          own as never,
        );
        const trained = await train(state as never, batch as never, batchTargets as never, rate as never);
        state = trained.state as unknown as typeof state;
        return { distance: distance as Tensor, gradient: gradient as Tensor, ...named("params", state.params) };
      },
      multiplyAdds: async () =>
        (await mean.multiplyAdds(params, images, targets)) +
        (await multiplyAdds(pull, [params, params, synthetic, own])) +
        realBatch *
          (await multiplyAdds(summedGradient(network), [
            params,
            { images: batch.rows(0, 1), targets: batchTargets.rows(0, 1) },
          ])),
    };
  },
};

function distanceAndGradient(network: Network) {
  const [channels, height, width] = network.input;
  return (params: TracedParams, real: TracedParams, stored: Traced, targets: Traced) => {
    const distance = (pixels: Traced): Traced => {
      const images = form(pixels.reshape([1, ipc, channels, height, width]), { factor, height, width, padding: 0 });
      const count = factor * factor * ipc;
      const decoded = images.reshape([count, channels, height, width]);
      const loss = (p: TracedParams) =>
        trainingLosses["cross-entropy"](network.logits(p, decoded), targets).mul(1 / count);
      return convolutionSquared(grad(loss)(params as never) as unknown as TracedParams, real);
    };
    const [value, gradient] = valueAndGrad(distance)(stored) as [Traced, Traced];
    return { distance: value, gradient };
  };
}
