import type { Array as Traced } from "@jax-js/jax";
import { adversarialTraining } from "../attacks/index.ts";
import { mapSamples } from "../engine/index.ts";
import {
  lossOf,
  type Network,
  networkContent,
  networkText,
  type Recipe,
  releaseNetwork,
  type TracedParams,
  train,
} from "../hypotheses/index.ts";
import type { Learner } from "./learner.ts";
import { standardised } from "./standardised.ts";

type Fixed = { params: TracedParams; statistics: TracedParams };

/** A network that is trained by gradient descent, from other initial weights in every repeat. */
export function finiteLearner(network: Network): Learner {
  const logits = ({ params, statistics }: Fixed, images: Traced): Traced =>
    network.statistics ? network.statistics.evaluate(params, statistics, images) : network.logits(params, images);
  const outputsOf = mapSamples(logits, `outputs of ${network.spec.name}`);
  const kind = (recipe: Recipe) => (lossOf(recipe) === "squared-error" ? "values" : "logits");
  return {
    net: networkText(network.spec),
    content: networkContent(network.spec),
    drawn: true,
    weights: true,
    outputs: (recipe) => ({ kind: kind(recipe), why: "it is trained on values, with the squared error" }),
    async train(set, recipe, key, options) {
      const [{ adversary }, { normalisation }] = [recipe, options];
      const perturb = adversary && normalisation && adversarialTraining(network, normalisation, adversary);
      const { params, statistics } = await train(network, set, recipe, key, {
        ...options,
        ...(perturb && { perturb }),
      });
      return {
        spec: network.spec,
        outputs: kind(recipe),
        predict: (images) =>
          outputsOf(
            { params, statistics: statistics ?? {} },
            options.standardised === undefined ? images : standardised(images, options.standardised),
          ),
        training: {
          images: set.images.shape[0]!,
          // The step schedule makes one pass more than its epochs.
          passes: recipe.epochs + (recipe.schedule === "step" ? 1 : 0),
        },
        weights: { network, params, ...(statistics && { statistics }) },
      };
    },
    dispose() {
      outputsOf.dispose();
      releaseNetwork(network);
    },
  };
}
