import { multiplyAdds, randomKey, type Tensor, tensor } from "../../src/engine/index.ts";
import type { LossInputs, OwnTraining, StagedTraining } from "../../src/generators/training/training.ts";
import { adam, descent, oneHot, type TracedParams, unfitted } from "../../src/hypotheses/index.ts";
import type { BenchCase } from "../case.ts";
import { named } from "../namedTensors.ts";
import { noiseGenerator } from "../noiseGenerator.ts";
import { classes, cyclicLabels } from "../problem.ts";

const [count, rate] = [128, 1e-3] as const;

/** A training step of a diffusion's U-Net in latents, widths those of its kind: forward, backward, Adam, 128 latents. */
export const denoiserStep: BenchCase = {
  name: "denoiser-step-128",
  label: "training step of a latent diffusion's U-Net, 128 latents",
  title: "a training step of a latent diffusion's U-Net on 128 latents: forward, backward, Adam",
  states: ["params"],
  runs: 2,
  prepare(network) {
    const generator = noiseGenerator("ldm", network.input);
    const [, diffusion] = (generator.training as StagedTraining).stages;
    const training = diffusion!.training as OwnTraining;
    const all = generator.init(randomKey(0).fold("bench generator"));
    const params = Object.fromEntries(diffusion!.trains.map((layer) => [layer, all[layer]!]));
    const { latent } = generator.denoising!;
    const key = randomKey(0).fold("bench latents");
    const floats = latent.reduce((a, b) => a * b, 1);
    const images = tensor(key.normal(count * floats), [count, ...latent]);
    const labels = cyclicLabels(count);
    const draws = training.draws(count, key.fold("draws"));
    const batch = { images, labels: oneHot(labels, classes), draws };
    const optimizer = adam();
    const step = descent(training.loss, optimizer, { name: "training step of a U-Net" });
    let state = unfitted(params, optimizer);
    return {
      tensors: {
        ...named("params", params),
        ...{ images, labels: tensor(labels), "settings.rate": tensor(rate) },
        ...Object.fromEntries(Object.entries(draws).map(([name, t]) => [`draws.${name}`, t])),
      },
      async run() {
        const next = await step(state, batch, tensor(rate));
        state = next.state;
        return { loss: next.loss, ...named("params", state.params) };
      },
      // Forward and backward of a sample cost three times its forward pass.
      multiplyAdds: async () => {
        const one = (t: Tensor) => t.rows(0, 1);
        const forward = (p: TracedParams, given: LossInputs) => training.loss(p, given)[0];
        const given = {
          images: one(images),
          labels: one(batch.labels),
          draws: Object.fromEntries(Object.entries(draws).map(([name, t]) => [name, one(t)])),
        };
        return 3 * count * (await multiplyAdds(forward, [params, given]));
      },
    };
  },
};
