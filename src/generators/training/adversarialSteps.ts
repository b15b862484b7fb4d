import { numpy as np } from "@jax-js/jax";
import { mapTree, released, type Tensor, tensor } from "../../engine/index.ts";
import { adam, descent, type Fitted, type TracedParams, unfitted } from "../../hypotheses/index.ts";
import { type Layers, layersOf, type StepContext, type Steps, settled } from "./ownSteps.ts";
import type { AdversarialTraining, LossInputs } from "./training.ts";

/**
 * Steps of a generator against its critic: critic step k of the training sees batch k and draws from `draws` / k, a generator step the
 * batch of the critic's last one and draws of its own.
 */
export function adversarialSteps(training: AdversarialTraining, { trains, reads }: Layers, name: string): Steps {
  const { criticSteps = 1, criticRate = 1, clip, lazily } = training;
  const optimizer = training.optimizer ?? adam();
  const criticOptimizer = training.criticOptimizer ?? optimizer;
  const project =
    clip === undefined
      ? undefined
      : (params: TracedParams) => mapTree(params, (w) => np.minimum(np.maximum(w, -clip), clip));
  // A penalty is a gradient within the gradient, beside which nothing can be handed on.
  const criticStep = (loss: AdversarialTraining["criticLoss"], what: string) =>
    descent(
      (params: TracedParams, given: Parameters<typeof loss>[1]) => {
        const [value, beside] = loss(params, given);
        released(beside);
        return [value, {}];
      },
      criticOptimizer,
      { name: `${what} of ${name}`, ...(project && { project }) },
    );
  const usual = criticStep(training.criticLoss, "critic's step");
  const seldom = lazily && criticStep(lazily.criticLoss, "critic's penalised step");
  const fooling = descent(
    (p: TracedParams, { held, ...given }: LossInputs & { critic: TracedParams; held: TracedParams }) =>
      training.generatorLoss({ ...held, ...p }, given),
    optimizer,
    { name: `training step of ${name}` },
  );
  const drawn = (batch: ReturnType<StepContext["batchOf"]>, { key }: StepContext, ...path: (string | number)[]) => {
    const own = path.reduce((at, branch) => at.fold(branch), key.fold("draws"));
    return { ...batch, draws: training.draws(batch.images.shape[0]!, own) };
  };
  return {
    start: (params, key) => ({
      params,
      optimizer: optimizer.init(layersOf(params, trains)),
      ...(training.average !== undefined && { averaged: params }),
      critic: unfitted(training.critic.init(key.fold("critic")), criticOptimizer),
    }),
    async take(state, number, context) {
      const { batchOf, rate } = context;
      const known = layersOf(state.params, [...trains, ...reads]);
      let critic: Fitted = state.critic!;
      let worst: Tensor = tensor(0);
      for (let j = 0; j < criticSteps; j++) {
        const k = number * criticSteps + j;
        const step = seldom && k % lazily.every === 0 ? seldom : usual;
        const given = { ...drawn(batchOf(k), context, k), generator: known };
        const judged = await step(critic, given, tensor(rate * criticRate));
        critic = judged.state;
        if (!Number.isFinite(judged.loss.item())) worst = judged.loss;
      }
      const given = {
        ...drawn(batchOf((number + 1) * criticSteps - 1), context, "generator", number),
        critic: critic.params,
        held: layersOf(state.params, reads),
      };
      const fitted = { params: layersOf(state.params, trains), optimizer: state.optimizer };
      const next = await fooling(fitted, given, tensor(rate));
      return {
        state: {
          ...settled(training, state, next.state.params, next.beside, number),
          optimizer: next.state.optimizer,
          critic,
        },
        loss: next.loss.item() + worst.item(),
      };
    },
    dispose() {
      for (const own of [usual, seldom, fooling]) own?.dispose();
    },
  };
}
