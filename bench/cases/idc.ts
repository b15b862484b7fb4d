import { type Array as Traced, valueAndGrad } from "@jax-js/jax";
import { convolutionSquared } from "../../src/discrepancies/gradient/index.ts";
import { multiplyAdds, summedInParts, type Tensor, tensor } from "../../src/engine/index.ts";
import {
  fieldRecipe,
  type Network,
  oneHot,
  optimizerOf,
  type Params,
  type TracedParams,
  trainingStep,
} from "../../src/hypotheses/index.ts";
import { form } from "../../src/synthetic/formation.ts";
import type { BenchCase } from "../case.ts";
import { meanGradient, summedGradient } from "../lossGradient.ts";
import { named } from "../namedTensors.ts";
import { perGroup } from "../ours.ts";
import { classes, classMajorLabels, cyclicLabels, noiseImages, weights } from "../problem.ts";

const ipc = 10;
const factor = 2;
const realBatch = 64;

/**
 * A step of IDC: of every class the gradient of 64 real images, the gradient of 40 synthetic ones decoded from 10 stored, the
 * squared difference over convolutions and its gradient in the stored pixels; then one step of the network on 64 real images.
 */
export const idc: BenchCase = {
  name: "idc-step",
  title:
    "IDC, ten classes: 64 real images each, 10 stored decoded to 40, gradient in the stored; one training step on 64 real",
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
    const mean = meanGradient(network);
    const pull = distanceAndGradient(network);
    const match = perGroup(pull, { name: "multi-formation gradient matching" });
    const train = trainingStep(network, fieldRecipe);
    const rate = tensor(fieldRecipe.learningRate);
    const stored = synthetic.reshape([classes, ipc, ...network.input]);
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
        const real: Params[] = [];
        for (let c = 0; c < classes; c++) {
          const [from, to] = [c * realBatch, (c + 1) * realBatch];
          real.push(await mean.run(state.params, images.rows(from, to), targets.rows(from, to)));
        }
        const { distance, gradient } = await match(
          state.params as never,
          { real: stacked(real), stored, targets: own } as never,
        );
        const trained = await train(state as never, batch as never, batchTargets as never, rate as never);
        state = trained.state as unknown as typeof state;
        return {
          distance: distance as Tensor,
          gradient: (gradient as Tensor).reshape(synthetic.shape),
          ...named("params", state.params),
        };
      },
      multiplyAdds: async () =>
        (await mean.multiplyAdds(params, images, targets)) +
        classes *
          (await multiplyAdds(pull, [
            params,
            { real: stacked([params]), stored: stored.rows(0, 1), targets: own.rows(0, 1) },
          ])) +
        realBatch *
          (await multiplyAdds(summedGradient(network), [
            params,
            { images: batch.rows(0, 1), targets: batchTargets.rows(0, 1) },
          ])),
    };
  },
};

type Group = { real: TracedParams; stored: Traced; targets: Traced };

/** Of one class: everything of a group has a first axis of 1. */
function distanceAndGradient(network: Network) {
  const [channels, height, width] = network.input;
  const count = factor * factor * ipc;
  const sum = summedInParts(summedGradient(network));
  return (params: TracedParams, { real, stored, targets }: Group) => {
    const mean = eachTensor(real, (g) => g.reshape(g.shape.slice(1)));
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

/** Trees of one form as one, stacked along a new first axis. */
function stacked(trees: readonly Params[]): Params {
  const out: Params = {};
  for (const [layer, tensors] of Object.entries(trees[0]!)) {
    out[layer] = {};
    for (const [name, { shape, data }] of Object.entries(tensors)) {
      const all = new Float32Array(trees.length * data.length);
      trees.forEach((t, i) => {
        all.set(t[layer]![name]!.data as Float32Array, i * data.length);
      });
      out[layer]![name] = tensor(all, [trees.length, ...shape]);
    }
  }
  return out;
}
