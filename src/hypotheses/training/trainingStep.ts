import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { summedInParts, type Tensor } from "../../engine/index.ts";
import type { Network, Params, TracedParams } from "../network.ts";
import { perNetwork } from "../perNetwork.ts";
import { descent, type Fitted, pullOf, sharedDescent } from "./descent.ts";
import { lossOf, optimizerOf, type Recipe } from "./recipe.ts";
import { trainingLosses } from "./trainingLoss.ts";

/** Everything a step changes. `statistics` is empty for networks without batch normalisation. */
export type TrainingState = Fitted & { statistics: Params };

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

type Samples = { images: Traced; targets: Traced };

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

const nameOf = (network: Network) => `training step of ${network.spec.name}`;

/** The batch in one piece. */
function wholeStep(network: Network, recipe: Recipe): TrainingStep {
  const lossSum = trainingLosses[lossOf(recipe)];
  const forward = (params: TracedParams, statistics: TracedParams, images: Traced) =>
    network.statistics
      ? network.statistics.train(params, statistics, images)
      : { logits: network.logits(params, images), statistics: {} };
  const loss = (
    params: TracedParams,
    { images, targets, statistics: before }: Samples & { statistics: TracedParams },
  ): [Traced, { statistics: TracedParams; correct: Traced }] => {
    const { logits, statistics } = forward(params, before, images);
    const correct = hits(logits.ref, targets.ref);
    return [lossSum(logits, targets).mul(1 / images.shape[0]!), { statistics, correct }];
  };
  const down = descent(loss, optimizerOf(recipe), { name: nameOf(network) });
  const step = async (...[{ statistics, ...fitted }, images, targets, rate]: Parameters<TrainingStep>) => {
    const next = await down(fitted, { images, targets, statistics }, rate);
    const { beside } = next;
    return { state: { ...next.state, statistics: beside.statistics }, loss: next.loss, correct: beside.correct };
  };
  return Object.assign(step, { dispose: () => down.dispose() });
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
 * The same step with the batch shared out over the cores. Parts depend on the size of the batch alone: machines with as many threads
 * round alike.
 */
function sharedStep(network: Network, recipe: Recipe, whole: TrainingStep): TrainingStep {
  const lossSum = trainingLosses[lossOf(recipe)];
  const loss = (params: TracedParams, { images, targets }: Samples): [Traced, Traced] => {
    const logits = network.logits(params, images);
    const correct = hits(logits.ref, targets.ref);
    return [lossSum(logits, targets), correct];
  };
  const down = sharedDescent(summedInParts(pullOf(loss)), optimizerOf(recipe), { name: nameOf(network) });
  const step = async (...[state, images, targets, rate]: Parameters<TrainingStep>) => {
    const count = images.shape[0]!;
    if (count < worthSharing) return whole(state, images, targets, rate);
    const { statistics, ...fitted } = state;
    const next = await down(fitted, { images, targets }, rate, partOf(count), count);
    return { state: { ...next.state, statistics }, loss: next.loss, correct: next.beside };
  };
  const dispose = () => {
    for (const own of [whole, down]) own.dispose();
  };
  return Object.assign(step, { dispose });
}

/** Images at a time: the largest divisor of the batch from 8 to 25 that leaves an even number of parts, or 16. */
function partOf(count: number): number {
  for (let part = 25; part >= 8; part--) if (count % (2 * part) === 0) return part;
  return 16;
}
