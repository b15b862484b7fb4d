import type { RandomKey } from "../engine/index.ts";
import { oneHot, type Params, schedules, trainSteps } from "../hypotheses/index.ts";
import type { Generator } from "./generator.ts";
import { hostedGenerator } from "./hosted.ts";
import { adversarialSteps } from "./training/adversarialSteps.ts";
import { batches } from "./training/batches.ts";
import { ownSteps } from "./training/ownSteps.ts";
import { type PlannedStage, planned } from "./training/plan.ts";
import type { GeneratorRecipe } from "./training/recipe.ts";
import { type GeneratorProgress, publishedOf } from "./training/state.ts";
import type { GeneratorSamples } from "./training/training.ts";

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
 * Trains a generator from `key.fold("init")` as its kind says, in shuffled batches; step s draws from `key.fold("draws").fold(s)`, a stage
 * from a key of its name. Then its prior is fitted to the codes of all samples, where it has one to fit.
 *
 * @throws AttarError "diverged" (exit code 3). Rejects with the signal's reason when it is aborted.
 */
export async function trainGenerator(
  generator: Generator,
  samples: GeneratorSamples,
  recipe: GeneratorRecipe,
  key: RandomKey,
  { signal, from, every = 200, keep }: TrainGeneratorOptions = {},
): Promise<Params> {
  const { prior, ...fresh } = generator.init(key.fold("init"));
  const { training } = generator;
  const withItsPrior = (params: Params): Params => ({ ...params, ...(prior && { prior }) });
  if (!training) return withItsPrior(fresh);
  const { steps } = recipe;
  let params = from?.state.params ?? fresh;
  for (const stage of planned(training, Object.keys(fresh), steps, key)) {
    const taken = from?.step ?? 0;
    if (from && taken === stage.last) params = publishedOf(from.state);
    if (taken >= stage.last) continue;
    let [sum, seen] = [0, 0];
    params = await trainStage(generator, stage, params, samples, recipe, {
      signal,
      from: from && taken > stage.first ? from : undefined,
      async onStep(now, loss) {
        [sum, seen] = [sum + loss, seen + 1];
        if (!keep || now.step % every !== 0 || now.step === steps) return;
        await keep(now, sum / seen);
        [sum, seen] = [0, 0];
      },
    });
  }
  return withPrior(generator, withItsPrior(params), samples);
}

interface StageOptions {
  readonly signal: AbortSignal | undefined;
  readonly from: GeneratorProgress | undefined;
  readonly onStep: (now: GeneratorProgress, loss: number) => Promise<void>;
}

/** The steps of a stage that are left, and the parameters that they come to. */
async function trainStage(
  generator: Generator,
  { first, last, key, training, trains, reads, rate = 1, prepare }: PlannedStage,
  given: Params,
  samples: GeneratorSamples,
  { batch, learningRate }: GeneratorRecipe,
  { signal, from, onStep }: StageOptions,
): Promise<Params> {
  const { name } = generator.spec;
  const prepared = await prepare?.({ params: given, samples, key: key.fold("prepare"), signal });
  const { images, labels } = prepared?.samples ?? samples;
  const targets = oneHot(labels, generator.classes);
  const rowsOf = batches(labels.length, Math.min(batch, labels.length), key.fold("order"));
  const batchOf = (k: number) => {
    const rows = rowsOf(k);
    return { images: images.take(rows), labels: targets.take(rows) };
  };
  const adversarial = "critic" in training;
  const schedule = schedules[training.schedule ?? (adversarial ? "constant" : "cosine")];
  const steps = adversarial
    ? adversarialSteps(training, { trains, reads }, name)
    : ownSteps(training, { trains, reads }, name);
  try {
    const state = await trainSteps(
      from ?? { step: first, state: steps.start({ ...given, ...prepared?.params }, key) },
      last,
      (now, step) => {
        const own = learningRate * rate * schedule.factor(step - first, last - first);
        return steps.take(now, step - first, { batchOf, key, rate: own });
      },
      { name: `training of ${name}`, hint: `--set rate=${learningRate / 3}`, signal, onStep },
    );
    return publishedOf(state);
  } finally {
    steps.dispose();
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
