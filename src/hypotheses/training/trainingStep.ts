import { lax, numpy as np, type Array as Traced, tree, valueAndGrad } from "@jax-js/jax";
import { compile, referenced, summedInParts, sumOverSamples, type Tensor, tensor } from "../../engine/index.ts";
import type { Network, Params, TracedParams } from "../network.ts";
import type { OptimizerState, TracedOptimizerState } from "../optimizers/optimizer.ts";
import { perNetwork } from "../perNetwork.ts";
import { lossOf, optimizerOf, type Recipe } from "./recipe.ts";
import { trainingLosses } from "./trainingLoss.ts";

/** Everything a step changes. `statistics` is empty for networks without batch normalisation. */
export type TrainingState = { params: Params; optimizer: OptimizerState; statistics: Params };
type State = { params: TracedParams; optimizer: TracedOptimizerState; statistics: TracedParams };

/**
 * One step on a batch: images [n, C, H, W], targets [n, classes], a scalar learning rate. The loss is the batch's mean
 * loss before the update; `correct` the sum of targets where the largest logit was before it.
 */
export interface TrainingStep {
  (
    state: TrainingState,
    images: Tensor,
    targets: Tensor,
    rate: Tensor,
  ): Promise<{ state: TrainingState; loss: Tensor; correct: Tensor }>;
  dispose(): void;
}

const made = perNetwork<TrainingStep>();

/** The compiled step of a network under a recipe's optimizer, shared by every training of that network object. */
export function trainingStep(network: Network, recipe: Recipe): TrainingStep {
  const { optimizer: name, momentum, weightDecay } = recipe;
  const key = JSON.stringify([name, momentum, weightDecay, lossOf(recipe)]);
  return made(network, key, () => makeStep(network, recipe));
}

function makeStep(network: Network, recipe: Recipe): TrainingStep {
  const whole = wholeStep(network, recipe);
  // Batch normalisation ties the images of a batch together: its gradient is not a sum over samples.
  return network.statistics ? whole : sharedStep(network, recipe, whole);
}

/** Forward, backward and update as one graph. */
function wholeStep(network: Network, recipe: Recipe): TrainingStep {
  const optimizer = optimizerOf(recipe);
  const lossSum = trainingLosses[lossOf(recipe)];
  const forward = (params: TracedParams, state: State, images: Traced): [Traced, TracedParams] => {
    if (!network.statistics) return [network.logits(params, images), {}];
    const { logits, statistics } = network.statistics.train(params, state.statistics, images);
    return [logits, statistics];
  };
  const step = (state: State, images: Traced, targets: Traced, rate: Traced) => {
    const loss = (params: TracedParams): [Traced, { statistics: TracedParams; correct: Traced }] => {
      const [logits, statistics] = forward(params, state, images);
      const correct = hits(logits.ref, targets.ref);
      return [lossSum(logits, targets).mul(1 / images.shape[0]!), { statistics, correct }];
    };
    const own = referenced(state.params);
    const [[value, { statistics, correct }], gradient] = valueAndGrad(loss, { hasAux: true })(own);
    const next = optimizer.update(state.params, gradient as TracedParams, state.optimizer, rate);
    return {
      state: { params: next.params, optimizer: next.state, statistics: statistics as TracedParams },
      loss: value as Traced,
      correct,
    };
  };
  return compile(step, { name: `training step of ${network.spec.name}` });
}

/** Sum of targets [n, classes] at the largest logit of each row, without gradient. Consumes both. */
function hits(logits: Traced, targets: Traced): Traced {
  const still = lax.stopGradient(logits);
  const largest = np.max(still.ref, 1, { keepdims: true });
  return np.sum(targets.mul(np.greaterEqual(still, largest).astype(np.float32)));
}

/** Images from which a batch is shared out; below, the way to the threads costs more than they save. */
const worthSharing = 32;

/**
 * The same step with the batch shared out over the cores: loss and gradient are sums over samples, one graph evaluated on
 * parts of the batch side by side, the update a second one. Parts depend on the size of the batch alone: machines with as
 * many threads round alike.
 */
function sharedStep(network: Network, recipe: Recipe, whole: TrainingStep): TrainingStep {
  const optimizer = optimizerOf(recipe);
  const lossSum = trainingLosses[lossOf(recipe)];
  const name = `training step of ${network.spec.name}`;
  const sums = sumOverSamples(
    summedInParts((params: TracedParams, { images, targets }: { images: Traced; targets: Traced }) => {
      const loss = (p: TracedParams): [Traced, Traced] => {
        const logits = network.logits(p, images);
        const correct = hits(logits.ref, targets.ref);
        return [lossSum(logits, targets), correct];
      };
      const [[value, correct], gradient] = valueAndGrad(loss, { hasAux: true })(params);
      return { loss: value, correct, gradient: gradient as TracedParams };
    }),
    { name },
  );
  const update = compile(
    (params: TracedParams, gradient: TracedParams, state: TracedOptimizerState, rate: Traced, share: Traced) => {
      const mean = tree.map((g: Traced) => g.mul(share.ref), gradient);
      share.dispose();
      return optimizer.update(params, mean, state, rate);
    },
    { name: `update of ${name}` },
  );
  const step = async (...[state, images, targets, rate]: Parameters<TrainingStep>) => {
    const count = images.shape[0]!;
    if (count < worthSharing) return whole(state, images, targets, rate);
    const part = partOf(count);
    const { loss, correct, gradient } = await sums(state.params, { images, targets }, part);
    const next = await update(state.params, gradient, state.optimizer, rate, tensor(1 / count));
    return {
      state: { params: next.params, optimizer: next.state, statistics: {} },
      loss: tensor(loss.item() / count),
      correct,
    };
  };
  const dispose = () => {
    for (const own of [whole, sums, update]) own.dispose();
  };
  return Object.assign(step, { dispose });
}

/** Images at a time: the largest divisor of the batch from 8 to 25 that leaves an even number of parts, or 16. */
function partOf(count: number): number {
  for (let part = 25; part >= 8; part--) if (count % (2 * part) === 0) return part;
  return 16;
}
