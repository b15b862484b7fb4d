import { type Array as Traced, valueAndGrad } from "@jax-js/jax";
import { convolutionSquared } from "../../src/discrepancies/gradient/index.ts";
import { mapSummedGroups, multiplyAdds, summedInParts, type Tensor, tensor } from "../../src/engine/index.ts";
import {
  fieldRecipe,
  type Network,
  oneHot,
  optimizerOf,
  type Recipe,
  type TracedParams,
  trainingStep,
} from "../../src/hypotheses/index.ts";
import { form } from "../../src/synthetic/formation.ts";
import type { BenchCase } from "../case.ts";
import { summedGradient } from "../lossGradient.ts";
import { named } from "../namedTensors.ts";
import { classes, classMajorLabels, cyclicLabels, noiseImages, weights } from "../problem.ts";

const ipc = 10;
const factor = 2;
const realBatch = 64;

/**
 * A step of IDC: of every class the gradient of 64 real images, the gradient of 40 synthetic ones decoded from 10 stored, the
 * squared difference over convolutions and its gradient in the stored pixels; then one step of the recipe on 64 real images.
 */
export const idcOf = (recipe: Recipe): BenchCase => ({
  name: "idc-step",
  label: "IDC, 10 classes: 64 real, 10 stored decoded to 40 each, a training step on 64",
  title:
    "IDC, ten classes: 64 real images each, 10 stored decoded to 40, gradient in the stored; one training step on 64 real",
  states: ["params"],
  /** After a step, units at zero but for rounding moved distances by 4e-4 and gradients by 6e-3 between attar and PyTorch in channels_last, width 8. */
  tolerances: { distance: { error: 2e-3, length: 1e-3 }, gradient: { error: 2e-2, length: 5e-4 } },
  prepare(network) {
    const params = weights(network);
    const images = noiseImages(network, "images", classes * realBatch);
    const synthetic = noiseImages(network, "synthetic", classes * ipc);
    const batch = noiseImages(network, "batch", realBatch);
    const labels = classMajorLabels(realBatch);
    const batchLabels = cyclicLabels(realBatch);
    const [targets, batchTargets] = [oneHot(labels, classes), oneHot(batchLabels, classes)];
    const decoded = factor * factor * ipc;
    const own = oneHot(classMajorLabels(decoded), classes).reshape([classes, decoded, classes]);
    const gradients = summedGradient(network);
    const pull = distanceAndGradient(network);
    const match = mapSummedGroups(summedInParts(gradients), pull, { name: "multi-formation gradient matching" });
    const train = trainingStep(network, recipe);
    const rate = tensor(recipe.learningRate);
    const stored = synthetic.reshape([classes, ipc, ...network.input]);
    let state = { params, optimizer: optimizerOf(recipe).init(params), statistics: {} };
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
        const samples = {
          images: images.reshape([classes, realBatch, ...network.input]),
          targets: targets.reshape([classes, realBatch, classes]),
        };
        const { distance, gradient } = await match(
          { fixed: state.params, samples } as never,
          { fixed: state.params, groups: { stored, targets: own } } as never,
        );
        const trained = await train(state as never, batch as never, batchTargets as never, rate as never);
        state = trained.state as unknown as typeof state;
        return {
          distance: distance as Tensor,
          gradient: (gradient as Tensor).reshape(synthetic.shape),
          ...named("params", state.params),
        };
      },
      async multiplyAdds() {
        const one = { images: images.rows(0, 1), targets: targets.rows(0, 1) };
        const real = await multiplyAdds(gradients, [params, one]);
        const group = { stored: stored.rows(0, 1), targets: own.rows(0, 1) };
        return (classes + 1) * realBatch * real + classes * (await multiplyAdds(pull, [params, group, params]));
      },
    };
  },
});

/** The network trained as the field trains. */
export const idc = idcOf(fieldRecipe);

type Group = { stored: Traced; targets: Traced };

/** Of one class, whose arrays have a first axis of 1, held against the gradient summed over its real images. */
function distanceAndGradient(network: Network) {
  const [channels, height, width] = network.input;
  const count = factor * factor * ipc;
  const sum = summedInParts(summedGradient(network));
  return (params: TracedParams, { stored, targets }: Group, real: TracedParams) => {
    const mean = eachTensor(real, (g) => g.mul(1 / realBatch));
    const distance = (pixels: Traced): Traced => {
      const decoded = form(pixels, { factor, height, width, padding: 0 }).reshape([count, channels, height, width]);
      const own = sum(params, { images: decoded, targets: targets.reshape([count, classes]) });
      return convolutionSquared(
        eachTensor(own, (g) => g.mul(1 / count)),
        mean,
      );
    };
    const [value, gradient] = valueAndGrad(distance)(stored) as [Traced, Traced];
    return { distance: value.reshape([1]), gradient };
  };
}

const eachTensor = (params: TracedParams, change: (t: Traced) => Traced): TracedParams =>
  Object.fromEntries(
    Object.entries(params).map(([layer, tensors]) => [
      layer,
      Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, change(t)])),
    ]),
  );
