import { size, type Tensor, tensor } from "../../src/engine/index.ts";
import { oneHot } from "../../src/hypotheses/index.ts";
import { fullyConnectedKernel } from "../../src/hypotheses/kernels/index.ts";
import { kernelRidge as ridgeSolver } from "../../src/hypotheses/solvers/index.ts";
import type { BenchCase } from "../case.ts";
import { classes, cyclicLabels, noiseImages } from "../problem.ts";

const [realCount, count, ridge] = [1000, 100, 1e-6];

/** Kernel ridge regression with the tangent kernel of one hidden layer in float32: a fit on S, its loss on a real batch, its gradient. */
export const kernelRidge: BenchCase = {
  name: "kernel-ridge-step",
  label: "kernel ridge regression in float32: 1,000 real, 100 synthetic",
  title:
    "kernel ridge regression on 100 synthetic images, loss on 1,000 real ones, gradient in images and labels; float32",
  prepare(network) {
    const real = noiseImages(network, "images", realCount);
    const images = noiseImages(network, "synthetic", count);
    const [targets, labels] = [oneHot(cyclicLabels(realCount), classes), oneHot(cyclicLabels(count), classes)];
    const solver = ridgeSolver(fullyConnectedKernel("ntk"), { ridge });
    return {
      tensors: { images: real, synthetic: images, targets, labels },
      async run() {
        const fit = await solver.fit({ images, labels });
        const got = await solver.lossAndGradient(fit, { images: real, labels: targets });
        return { loss: tensor(got.loss), gradient: got.images as Tensor, labels: got.labels as Tensor };
      },
      // k(T, S) and its derivative in S; K_SS twice and its derivative on both sides.
      multiplyAdds: async () => size(network.input) * (2 * realCount * count + 4 * count * count),
    };
  },
};
