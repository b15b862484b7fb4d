import type { Tensor } from "../engine/index.ts";
import { type RandomKey, tensor } from "../engine/index.ts";
import {
  adam,
  descent,
  type Fitted,
  oneHot,
  type Params,
  schedules,
  trainSteps,
  unfitted,
} from "../hypotheses/index.ts";
import type { Generator } from "./generator.ts";
import { hostedGenerator } from "./hosted.ts";

/** The training of a generator by its own loss: Adam along a cosine. */
export interface GeneratorRecipe {
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
}

export const generatorRecipe: GeneratorRecipe = { steps: 5000, batch: 128, learningRate: 1e-3 };

/** The samples that it is trained on: [n, C, H, W] in the training normalisation, and their classes. */
export interface GeneratorSamples {
  readonly images: Tensor;
  readonly labels: Int32Array;
}

/** A training under way: steps taken, parameters and the optimizer's state. */
export interface GeneratorProgress {
  readonly step: number;
  readonly state: Fitted;
}

export interface TrainGeneratorOptions {
  readonly signal?: AbortSignal;
  /** Continues from there; the generator is that of a training that never stopped. */
  readonly from?: GeneratorProgress;
  /** Steps between two calls of `keep`; 200 where left out. */
  readonly every?: number;
  /** Called with what is there and the mean loss of the steps since, and awaited. */
  readonly keep?: (progress: GeneratorProgress, loss: number) => unknown;
}

/**
 * Trains a generator from `key.fold("init")` by its own loss in shuffled batches; step s draws from `key.fold("draws").fold(s)`. Then its
 * prior is fitted to the codes of all samples, where it has one to fit.
 *
 * @throws AttarError "diverged" (exit code 3). Rejects with the signal's reason when it is aborted.
 */
export async function trainGenerator(
  generator: Generator,
  { images, labels }: GeneratorSamples,
  recipe: GeneratorRecipe,
  key: RandomKey,
  { signal, from, every = 200, keep }: TrainGeneratorOptions = {},
): Promise<Params> {
  const { prior, ...params } = generator.init(key.fold("init"));
  const { training } = generator;
  if (!training) return { ...params, ...(prior && { prior }) };
  const { steps, batch, learningRate } = recipe;
  const optimizer = adam();
  const targets = oneHot(labels, generator.classes);
  const rowsOf = batches(labels.length, Math.min(batch, labels.length), key.fold("order"));
  const step = descent(training.loss, optimizer, { name: `training step of ${generator.spec.name}` });
  let [sum, seen] = [0, 0];
  try {
    const trained = await trainSteps<Fitted>(
      from ?? { step: 0, state: unfitted(params, optimizer) },
      steps,
      async (state, number) => {
        const rows = rowsOf(number);
        const given = {
          images: images.take(rows),
          labels: targets.take(rows),
          draws: training.draws(rows.length, key.fold("draws").fold(number)),
        };
        const next = await step(state, given, tensor(learningRate * schedules.cosine.factor(number, steps)));
        const after = training.after?.(next.state.params, next.beside) ?? next.state.params;
        return { state: { ...next.state, params: after }, loss: next.loss.item() };
      },
      {
        name: `training of ${generator.spec.name}`,
        hint: `--set rate=${learningRate / 3}`,
        signal,
        async onStep(now, loss) {
          [sum, seen] = [sum + loss, seen + 1];
          if (!keep || now.step % every !== 0 || now.step === steps) return;
          await keep(now, sum / seen);
          [sum, seen] = [0, 0];
        },
      },
    );
    return await withPrior(generator, { ...trained.params, ...(prior && { prior }) }, { images, labels });
  } finally {
    step.dispose();
  }
}

async function withPrior(generator: Generator, params: Params, { images, labels }: GeneratorSamples): Promise<Params> {
  const fit = generator.training?.fitPrior;
  if (!fit) return params;
  const hosted = hostedGenerator(generator, params);
  try {
    return fit(params, await hosted.encode(images, labels), labels);
  } finally {
    hosted.dispose();
  }
}

/** The rows of the batch of a step: passes over the samples, each in its own order, those that fill no batch sit it out. */
function batches(count: number, each: number, order: RandomKey): (step: number) => Uint32Array {
  const perPass = Math.floor(count / each);
  let pass = -1;
  let shuffled = new Uint32Array();
  return (step) => {
    const own = Math.floor(step / perPass);
    if (own !== pass) [pass, shuffled] = [own, Uint32Array.from(order.fold(own).permutation(count))];
    const at = (step - own * perPass) * each;
    return shuffled.subarray(at, at + each);
  };
}
