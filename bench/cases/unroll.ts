import { type Tensor, tensor } from "../../src/engine/index.ts";
import { crossEntropyOf, innerSgd, oneHot, unrolled } from "../../src/hypotheses/index.ts";
import type { BenchCase } from "../case.ts";
import { innerStepMultiplyAdds } from "../innerStep.ts";
import { named } from "../namedTensors.ts";
import { cyclicLabels, drift, noiseImages, weights } from "../problem.ts";

const [count, rate] = [4, 0.001];

/** Backpropagation through a training of `steps` plain SGD steps on four images: what its length costs in memory. */
const unroll = (steps: number): BenchCase => ({
  name: `unroll-${steps}`,
  label: `backpropagation through ${steps} steps of training on 4 images`,
  title: `backpropagation through ${steps} steps of training on 4 images; its peak memory less unroll-20's is that of the steps`,
  prepare(network) {
    const start = weights(network);
    const cotangent = drift(start, 1);
    const images = noiseImages(network, "synthetic", count);
    const labels = oneHot(cyclicLabels(count), network.classes);
    const solver = unrolled(crossEntropyOf(network), innerSgd());
    const schedule = { steps, step: () => ({ rate }) };
    return {
      tensors: {
        ...named("params", start),
        ...named("cotangent", cotangent),
        images,
        labels: tensor(cyclicLabels(count)),
        steps: tensor(Int32Array.of(steps)),
      },
      async run() {
        const trajectory = await solver.unroll(start, { images, labels }, schedule);
        const gradient = await solver.pullback(trajectory, cotangent);
        return { gradient: gradient.images as Tensor, rate: tensor(gradient.rates.reduce((a, b) => a + b)) };
      },
      multiplyAdds: async () => steps * (await innerStepMultiplyAdds(network, start, images, labels)),
    };
  },
});

export const unroll20 = unroll(20);
export const unroll200 = unroll(200);
