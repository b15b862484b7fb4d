import { type Tensor, tensor } from "../../src/engine/index.ts";
import { oneHot, type Params } from "../../src/hypotheses/index.ts";
import { crossEntropyOf, innerSgd, paramsOf, unrolled, vectorOf } from "../../src/hypotheses/solvers/index.ts";
import type { BenchCase } from "../case.ts";
import { innerStepMultiplyAdds } from "../innerStep.ts";
import { named } from "../namedTensors.ts";
import { unrolledTolerance } from "../parity.ts";
import { classes, cyclicLabels, drift, noiseImages, weights } from "../problem.ts";

const [ipc, steps, rate] = [10, 20, 0.01];

/**
 * One outer step of MTT: 20 plain SGD steps on 100 synthetic images from an expert's parameters, the normalised distance to a later
 * state of the expert, and its gradient with respect to the images and the learning rate. No augmentation.
 */
export const trajectoryMatching: BenchCase = {
  name: "trajectory-step-ipc10",
  label: "trajectory matching: 20 inner steps on 100 images",
  title: "trajectory matching: 20 inner steps on 100 synthetic images, gradient in the images and the learning rate",
  tolerance: unrolledTolerance,
  prepare(network) {
    const start = weights(network);
    const target = drift(start, 0.01);
    const images = noiseImages(network, "synthetic", classes * ipc);
    const labels = oneHot(cyclicLabels(classes * ipc), classes);
    const solver = unrolled(crossEntropyOf(network), innerSgd());
    const schedule = { steps, step: () => ({ rate }) };
    return {
      tensors: {
        ...named("params", start),
        ...named("target", target),
        images,
        labels: tensor(cyclicLabels(classes * ipc)),
        steps: tensor(Int32Array.of(steps)),
      },
      async run() {
        const trajectory = await solver.unroll(start, { images, labels }, schedule);
        const { loss, cotangent } = parameterDistance(trajectory.final, start, target);
        const gradient = await solver.pullback(trajectory, cotangent);
        return { loss, gradient: gradient.images as Tensor, rate: tensor(gradient.rates.reduce((a, b) => a + b)) };
      },
      multiplyAdds: async () => steps * (await innerStepMultiplyAdds(network, start, images, labels)),
    };
  },
};

/** ‖θ − θ*‖² / ‖θ₀ − θ*‖² and its derivative with respect to θ. */
function parameterDistance(final: Params, start: Params, target: Params): { loss: Tensor; cotangent: Params } {
  const [end, origin, goal] = [final, start, target].map(vectorOf) as [Float32Array, Float32Array, Float32Array];
  let [distance, scale] = [0, 0];
  for (let i = 0; i < goal.length; i++) {
    distance += (end[i]! - goal[i]!) ** 2;
    scale += (origin[i]! - goal[i]!) ** 2;
  }
  const cotangent = end.map((v, i) => (2 * (v - goal[i]!)) / scale);
  return { loss: tensor(distance / scale), cotangent: paramsOf(cotangent, start) };
}
