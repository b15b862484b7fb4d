import { multiplyAdds, tensor } from "../../src/engine/index.ts";
import { fieldRecipe, oneHot, optimizerOf, type Recipe, trainingStep } from "../../src/hypotheses/index.ts";
import type { BenchCase } from "../case.ts";
import { summedGradient } from "../lossGradient.ts";
import { named } from "../namedTensors.ts";
import { classes, cyclicLabels, noiseImages, weights } from "../problem.ts";

const count = 100;

/** One pass over 100 images in one batch: forward, backward, a step of the recipe's optimizer. */
export const trainingEpochOf = (recipe: Recipe): BenchCase => ({
  name: "training-epoch-100",
  label: "training epoch of 100 images",
  title: "one pass over 100 images in one batch: forward, backward, SGD with momentum and weight decay",
  states: ["params"],
  runs: 2,
  prepare(network) {
    const params = weights(network);
    const images = noiseImages(network, "images", count);
    const labels = cyclicLabels(count);
    const targets = oneHot(labels, classes);
    const step = trainingStep(network, recipe);
    const rate = tensor(recipe.learningRate);
    let state = { params, optimizer: optimizerOf(recipe).init(params), statistics: {} };
    return {
      tensors: { ...named("params", params), images, labels: tensor(labels) },
      async run() {
        const result = await step(state as never, images as never, targets as never, rate as never);
        state = result.state as unknown as typeof state;
        const { params: next, optimizer } = state;
        return { loss: result.loss, ...named("params", next), ...named("velocity", optimizer.velocity!) };
      },
      multiplyAdds: async () =>
        count *
        (await multiplyAdds(summedGradient(network), [
          params,
          { images: images.rows(0, 1), targets: targets.rows(0, 1) },
        ])),
    };
  },
});

/** The field's: SGD with momentum 0.9 and weight decay 5e-4. */
export const trainingEpoch = trainingEpochOf(fieldRecipe);
