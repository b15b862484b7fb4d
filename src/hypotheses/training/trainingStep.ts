import { type Array as Traced, tree, valueAndGrad } from "@jax-js/jax";
import { type Compiled, compile } from "../../engine/index.ts";
import type { Network, TracedParams } from "../network.ts";
import type { TracedOptimizerState } from "../optimizers/optimizer.ts";
import { crossEntropy } from "./crossEntropy.ts";
import { optimizerOf, type Recipe } from "./recipe.ts";

/** Everything a step changes. `statistics` is empty for networks without batch normalisation. */
type State = { params: TracedParams; optimizer: TracedOptimizerState; statistics: TracedParams };

/** One step: forward, backward and update in a single graph. The mean cross-entropy is the one before the update. */
export type TrainingStep = Compiled<
  [state: State, images: Traced, targets: Traced, rate: Traced],
  { state: State; loss: Traced }
>;

const compiled = new WeakMap<Network, Map<string, TrainingStep>>();

/** The compiled step of a network under a recipe's optimizer, shared by every training of that network object. */
export function trainingStep(network: Network, recipe: Recipe): TrainingStep {
  const { optimizer: name, momentum, weightDecay } = recipe;
  const key = JSON.stringify([name, momentum, weightDecay]);
  const steps = compiled.get(network) ?? new Map<string, TrainingStep>();
  compiled.set(network, steps);
  const step = steps.get(key) ?? makeStep(network, recipe);
  steps.set(key, step);
  return step;
}

function makeStep(network: Network, recipe: Recipe): TrainingStep {
  const optimizer = optimizerOf(recipe);
  const forward = (params: TracedParams, state: State, images: Traced): [Traced, TracedParams] => {
    if (!network.statistics) return [network.logits(params, images), {}];
    const { logits, statistics } = network.statistics.train(params, state.statistics, images);
    return [logits, statistics];
  };
  const step = (state: State, images: Traced, targets: Traced, rate: Traced) => {
    const loss = (params: TracedParams): [Traced, TracedParams] => {
      const [logits, statistics] = forward(params, state, images);
      return [crossEntropy(logits, targets), statistics];
    };
    const own = tree.ref(state.params as never) as TracedParams;
    const [[value, statistics], gradient] = valueAndGrad(loss, { hasAux: true })(own);
    const next = optimizer.update(state.params, gradient as TracedParams, state.optimizer, rate);
    return {
      state: { params: next.params, optimizer: next.state, statistics: statistics as TracedParams },
      loss: value as Traced,
    };
  };
  return compile(step, { name: `training step of ${network.spec.name}` });
}
