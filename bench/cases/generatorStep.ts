import { multiplyAdds, randomKey, size, type Tensor, tensor } from "../../src/engine/index.ts";
import type { LossInputs, OwnTraining } from "../../src/generators/training/training.ts";
import { adam, descent, oneHot, type TracedParams, unfitted } from "../../src/hypotheses/index.ts";
import type { BenchCase } from "../case.ts";
import { named } from "../namedTensors.ts";
import { noiseGenerator, noiseScale } from "../noiseGenerator.ts";
import { classes, cyclicLabels, noiseImages } from "../problem.ts";

const [count, rate] = [128, 1e-3] as const;

/** A training step of a conditional VAE, whose width is that of its kind: forward, backward, Adam, 128 images. */
export const generatorStep: BenchCase = {
  name: "generator-step-128",
  label: "training step of a conditional VAE, 128 images",
  title: "a training step of a conditional VAE on 128 images: forward, backward, Adam",
  states: ["params"],
  runs: 2,
  prepare(network) {
    const generator = noiseGenerator("cvae", network.input);
    const training = generator.training as OwnTraining;
    const params = generator.init(randomKey(0).fold("bench generator"));
    const images = noiseImages(network, "images", count);
    const labels = cyclicLabels(count);
    const draws = training.draws(count, randomKey(0).fold("bench draws"));
    const batch = { images, labels: oneHot(labels, classes), draws };
    const optimizer = adam();
    const step = descent(training.loss, optimizer, { name: "training step of a generator" });
    let state = unfitted(params, optimizer);
    const settings: Record<string, Tensor> = {
      "settings.rate": tensor(rate),
      ...noiseScale(),
    };
    const one = (t: Tensor) => t.rows(0, 1);
    return {
      tensors: { ...named("params", params), images, labels: tensor(labels), noise: draws.noise!, ...settings },
      async run() {
        const next = await step(state, batch, tensor(rate));
        state = next.state;
        return { loss: next.loss, ...named("params", state.params) };
      },
      // Forward and backward of a sample cost three times its forward pass, less the gradient in the images.
      multiplyAdds: async () => {
        const forward = (p: TracedParams, given: LossInputs) => training.loss(p, given)[0];
        const each = await multiplyAdds(forward, [
          params,
          {
            images: one(images),
            labels: one(batch.labels),
            draws: Object.fromEntries(Object.entries(draws).map(([name, t]) => [name, one(t)])),
          },
        ]);
        return count * (3 * each - size(network.input) * params.encoder1!.weight!.shape[0]!);
      },
    };
  },
};
