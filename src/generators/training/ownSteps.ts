import { type RandomKey, type Tensor, tensor } from "../../engine/index.ts";
import { adam, descent, type Params, type TracedParams } from "../../hypotheses/index.ts";
import { averaged } from "./average.ts";
import type { GeneratorState } from "./state.ts";
import type { LossInputs, OwnTraining } from "./training.ts";

/** A batch on the host. */
export interface HostBatch {
  readonly images: Tensor;
  /** One-hot. */
  readonly labels: Tensor;
}

/** The layers of parameters that learn, and the others that losses read. */
export interface Layers {
  readonly trains: readonly string[];
  readonly reads: readonly string[];
}

/** The circumstances of a step. */
export interface StepContext {
  /** Batch number k of the training. */
  batchOf(k: number): HostBatch;
  readonly key: RandomKey;
  readonly rate: number;
}

/** The steps of one training. */
export interface Steps {
  start(params: Params, key: RandomKey): GeneratorState;
  /** Step number `step`, and its loss before it. */
  take(state: GeneratorState, step: number, context: StepContext): Promise<{ state: GeneratorState; loss: number }>;
  dispose(): void;
}

export const layersOf = (params: Params, names: readonly string[]): Params =>
  Object.fromEntries(names.map((name) => [name, params[name]!]));

/** What `after` and the running mean make of a state whose parameters were moved. */
export function settled(
  training: Pick<OwnTraining, "after" | "average">,
  state: GeneratorState,
  moved: Params,
  beside: Readonly<Record<string, Tensor>>,
  step: number,
): Pick<GeneratorState, "params" | "averaged"> {
  const params = training.after?.({ ...state.params, ...moved }, beside) ?? { ...state.params, ...moved };
  const { average } = training;
  if (average === undefined) return { params };
  return { params, averaged: averaged(state.averaged ?? state.params, params, average, step) };
}

/** Steps down a generator's own loss. */
export function ownSteps(training: OwnTraining, { trains, reads }: Layers, name: string): Steps {
  const optimizer = training.optimizer ?? adam();
  const loss = (p: TracedParams, { held, ...batch }: LossInputs & { held: TracedParams }) =>
    training.loss({ ...held, ...p }, batch);
  const step = descent(loss, optimizer, { name: `training step of ${name}` });
  return {
    start: (params) => ({
      params,
      optimizer: optimizer.init(layersOf(params, trains)),
      ...(training.average !== undefined && { averaged: params }),
    }),
    async take(state, number, { batchOf, key, rate }) {
      const batch = batchOf(number);
      const given = {
        ...batch,
        draws: training.draws(batch.images.shape[0]!, key.fold("draws").fold(number)),
        held: layersOf(state.params, reads),
      };
      const fitted = { params: layersOf(state.params, trains), optimizer: state.optimizer };
      const next = await step(fitted, given, tensor(rate));
      return {
        state: {
          ...settled(training, state, next.state.params, next.beside, number),
          optimizer: next.state.optimizer,
        },
        loss: next.loss.item(),
      };
    },
    dispose: () => step.dispose(),
  };
}
