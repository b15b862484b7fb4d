import { nn, type Array as Traced, valueAndGrad } from "@jax-js/jax";
import { AttarError, type Compiled, compile, type RandomKey, type Tensor, tensor } from "../../engine/index.ts";
import type { Network, Params, TracedParams } from "../network.ts";
import { type OptimizerSpec, optimizerState, optimizerStep } from "../optimizers/optimizer.ts";
import { dropEpoch, type Schedule, scheduleFactor } from "../optimizers/schedule.ts";

/** How a hypothesis is trained; JSON-serialisable. */
export interface TrainingRecipe {
  readonly epochs: number;
  /** Images per step; capped by the size of the set. */
  readonly batch: number;
  readonly learningRate: number;
  readonly schedule: Schedule;
  readonly optimizer: OptimizerSpec;
}

export interface TrainingSet {
  /** [n, C, H, W], normalised. */
  readonly images: Float32Array;
  /** Target distribution of each image, [n, classes]. */
  readonly targets: Float32Array;
}

export interface TrainingOptions {
  /** Augments the images of a batch; called once per step with a key of its own. */
  augment?: (images: Float32Array, key: RandomKey) => Float32Array;
  onEpoch?: (epoch: number, loss: number) => void;
  signal?: AbortSignal;
}

type Step = Compiled<
  [TracedParams, TracedParams[], Traced, Traced, Traced, Traced],
  { loss: Traced; params: TracedParams; state: TracedParams[] }
>;

/** jax-js's type of `valueAndGrad` for a loss over a parameter tree. */
const differentiate = valueAndGrad as unknown as (
  loss: (p: TracedParams) => Traced,
) => (p: TracedParams) => [Traced, TracedParams];

const steps = new WeakMap<Network, Map<string, Step>>();

/** Forward, backward and update as one compiled graph. Cross-entropy against target distributions, averaged over the batch. */
function stepFor(network: Network, optimizer: OptimizerSpec): Step {
  const key = JSON.stringify(optimizer);
  const known = steps.get(network) ?? new Map<string, Step>();
  steps.set(network, known);
  let step = known.get(key);
  if (!step) {
    step = compile(
      (params: TracedParams, state: TracedParams[], images: Traced, targets: Traced, rate: Traced, count: Traced) => {
        const loss = (p: TracedParams): Traced =>
          nn
            .logSoftmax(network.logits(p, images))
            .mul(targets)
            .sum()
            .mul(-1 / images.shape[0]!);
        const [value, gradients] = differentiate(loss)(borrow(params));
        return { loss: value, ...optimizerStep(optimizer, params, gradients, state, rate, count) };
      },
      { name: `training step of ${network.spec.name}` },
    ) as unknown as Step;
    known.set(key, step);
  }
  return step;
}

/** The same arrays once more: differentiation consumes its arguments, the update needs them again. */
function borrow(params: TracedParams): TracedParams {
  return Object.fromEntries(
    Object.entries(params).map(([layer, tensors]) => [
      layer,
      Object.fromEntries(Object.entries(tensors).map(([n, t]) => [n, t.ref])),
    ]),
  );
}

/** One-hot target distributions. */
export function oneHot(labels: ArrayLike<number>, classes: number): Float32Array {
  const out = new Float32Array(labels.length * classes);
  for (let i = 0; i < labels.length; i++) out[i * classes + labels[i]!] = 1;
  return out;
}

/**
 * The learning algorithm 𝒜(μ̂): trains a hypothesis on a set. Each epoch visits every image once in random order; the
 * optimizer starts afresh where the `step` schedule drops, as the field's reference code does.
 *
 * @throws AttarError with exit code 3 when the loss is no longer finite.
 */
export async function train(
  network: Network,
  set: TrainingSet,
  recipe: TrainingRecipe,
  key: RandomKey,
  options: TrainingOptions = {},
): Promise<{ params: Params; losses: number[] }> {
  const [c, h, w] = network.input;
  const size = c * h * w;
  const count = set.images.length / size;
  const batch = Math.min(recipe.batch, count);
  const step = stepFor(network, recipe.optimizer);
  let params = network.init(key.fold("init"));
  let state = optimizerState(recipe.optimizer, params);
  const losses: number[] = [];
  let updates = 0;
  for (let epoch = 0; epoch < recipe.epochs; epoch++) {
    if (recipe.schedule === "step" && epoch === dropEpoch(recipe.epochs) + 1) {
      state = optimizerState(recipe.optimizer, params);
      updates = 0;
    }
    const rate = recipe.learningRate * scheduleFactor(recipe.schedule, epoch, recipe.epochs);
    const order = key.fold("order").fold(epoch).permutation(count);
    let total = 0;
    for (let at = 0; at < count; at += batch) {
      options.signal?.throwIfAborted();
      const ids = order.subarray(at, Math.min(at + batch, count));
      const images = new Float32Array(ids.length * size);
      const targets = new Float32Array(ids.length * network.classes);
      ids.forEach((id, i) => {
        images.set(set.images.subarray(id * size, (id + 1) * size), i * size);
        targets.set(set.targets.subarray(id * network.classes, (id + 1) * network.classes), i * network.classes);
      });
      const seen = options.augment ? options.augment(images, key.fold("augment").fold(epoch).fold(at)) : images;
      const result = await step(
        params as never,
        state as never,
        tensor(seen, [ids.length, c, h, w]),
        tensor(targets, [ids.length, network.classes]),
        tensor(rate),
        tensor(++updates),
      );
      params = result.params as unknown as Params;
      state = result.state as unknown as Params[];
      total += (result.loss as Tensor).item() * ids.length;
    }
    losses.push(total / count);
    if (!Number.isFinite(total))
      throw new AttarError(
        "diverged",
        `training ${network.spec.name} diverged in epoch ${epoch + 1}: the loss is not finite`,
        "lower the learning rate",
        3,
      );
    options.onEpoch?.(epoch, total / count);
  }
  return { params, losses };
}
