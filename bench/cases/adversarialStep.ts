import { multiplyAdds, randomKey, type Tensor, tensor } from "../../src/engine/index.ts";
import { adversarialSteps } from "../../src/generators/training/adversarialSteps.ts";
import type { AdversarialTraining, LossInputs } from "../../src/generators/training/training.ts";
import { oneHot, type TracedParams } from "../../src/hypotheses/index.ts";
import type { BenchCase } from "../case.ts";
import { named } from "../namedTensors.ts";
import { noiseGenerator, noiseScale } from "../noiseGenerator.ts";
import { classes, cyclicLabels, noiseImages } from "../problem.ts";

const [count, rate] = [128, 2e-4] as const;

/** A step of a conditional GAN and one of its critic, widths those of its kind: forward, backward, Adam, 128 images. */
export const adversarialStep: BenchCase = {
  name: "cgan-step-128",
  label: "training step of a conditional GAN and its critic, 128 images",
  title: "a training step of a conditional GAN and one of its critic on 128 images: forward, backward, Adam",
  states: ["params", "critic"],
  runs: 2,
  prepare(network) {
    const generator = noiseGenerator("cgan", network.input);
    const own = generator.training as AdversarialTraining;
    const key = randomKey(0).fold("bench critic");
    const draws = own.draws(count, key.fold("draws"));
    // Without the running mean of weights, which is work of the host.
    const training: AdversarialTraining = { ...own, draws: () => draws, average: undefined };
    const fixed = generator.fixed ?? [];
    const layers = Object.keys(generator.shapes);
    const trains = layers.filter((layer) => !fixed.includes(layer));
    const steps = adversarialSteps(training, { trains, reads: fixed }, "the bench's cgan");
    const params = generator.init(randomKey(0).fold("bench generator"));
    let state = steps.start(params, key);
    const critic = state.critic!.params;
    const images = noiseImages(network, "images", count);
    const labels = cyclicLabels(count);
    const batch = { images, labels: oneHot(labels, classes) };
    const weights = () => Object.fromEntries(trains.map((layer) => [layer, state.params[layer]!]));
    const settings: Record<string, Tensor> = {
      "settings.rate": tensor(rate),
      ...noiseScale(),
    };
    return {
      tensors: {
        ...named("params", weights()),
        ...named("critic", critic),
        ...{ images, labels: tensor(labels), noise: draws.noise! },
        ...settings,
      },
      async run() {
        const next = await steps.take(state, 0, { batchOf: () => batch, key, rate });
        state = next.state;
        return { loss: tensor(next.loss), ...named("params", weights()), ...named("critic", state.critic!.params) };
      },
      // The generator: forward twice, backward once; the critic: forward and backward on real and on made images, then once more for the generator, without its weights.
      multiplyAdds: async () => {
        const one = (t: Tensor) => t.rows(0, 1);
        const given = {
          images: one(images),
          labels: one(batch.labels),
          draws: Object.fromEntries(Object.entries(draws).map(([name, t]) => [name, one(t)])),
        };
        const both = (p: TracedParams, { critic: judge, ...rest }: LossInputs & { critic: TracedParams }) =>
          training.criticLoss(judge, { ...rest, generator: p })[0];
        const fooling = (p: TracedParams, rest: LossInputs & { critic: TracedParams }) =>
          training.generatorLoss(p, rest)[0];
        const inputs = { ...given, critic };
        const made = 2 * (await multiplyAdds(fooling, [params, inputs])) - (await multiplyAdds(both, [params, inputs]));
        const judged = (await multiplyAdds(fooling, [params, inputs])) - made;
        return count * (4 * made + 8 * judged);
      },
    };
  },
};
