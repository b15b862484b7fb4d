import type { Array as Traced } from "@jax-js/jax";
import {
  compile,
  type Hosted,
  mapTree,
  referenced,
  type SampleSum,
  sumOverSamples,
  type Tensor,
  tensor,
  valueAndGradient,
} from "../../engine/index.ts";
import type { Params, TracedParams } from "../network.ts";
import type { Optimizer, OptimizerState, TracedOptimizerState } from "../optimizers/optimizer.ts";

/** A tree of parameters under training, with what its optimizer keeps: what a step changes, and a training resumes from. */
export type Fitted = { params: Params; optimizer: OptimizerState };
type TracedFitted = { params: TracedParams; optimizer: TracedOptimizerState };

/**
 * A traced loss of parameters and whatever else it is given, a tree of arrays: batches, labels, noise, parameters of another
 * network. Returns a scalar and, beside it, a tree that is handed on without a gradient. Consumes both arguments.
 */
export type Loss<G, B> = (params: TracedParams, given: G) => [loss: Traced, beside: B];

/** A step's results: the state after it, the loss before it, and what the loss returned beside. */
export interface Descended<B> {
  readonly state: Fitted;
  readonly loss: Tensor;
  readonly beside: Hosted<B>;
}

export interface DescentOptions {
  /** The name of the compiled program. */
  readonly name: string;
  /** Brings parameters back to where they shall be, after every step: a projection, weights clipped. Consumes them. */
  readonly project?: (params: TracedParams) => TracedParams;
}

/** One step down a loss, compiled. */
export interface Descent<G, B> {
  (state: Fitted, given: Hosted<G>, rate: Tensor): Promise<Descended<B>>;
  dispose(): void;
}

/** The state before the first step: no momentum, no moments. */
export const unfitted = (params: Params, optimizer: Optimizer): Fitted => ({
  params,
  optimizer: optimizer.init(params),
});

/** A step of an optimizer down a loss: forward, backward and update as one graph, compiled once for every shape of `given`. */
export function descent<G, B>(
  loss: Loss<G, B>,
  optimizer: Optimizer,
  { name, project = (params) => params }: DescentOptions,
): Descent<G, B> {
  const step = ({ params, optimizer: kept }: TracedFitted, given: G, rate: Traced) => {
    const [[value, beside], gradient] = valueAndGradient((p: TracedParams) => loss(p, given))(referenced(params));
    const next = optimizer.update(params, gradient, kept, rate);
    return { state: { params: project(next.params), optimizer: next.state }, loss: value, beside };
  };
  return compile(step, { name });
}

/** A sum over samples of a loss, of its gradient and of what it returns beside. */
export type LossPull<S, B> = (params: TracedParams, samples: S) => { loss: Traced; beside: B; gradient: TracedParams };

/** The sums that a loss is descended by where it is itself a sum over samples. */
export const pullOf =
  <S, B>(loss: Loss<S, B>): LossPull<S, B> =>
  (params, samples) => {
    const [[value, beside], gradient] = valueAndGradient((p: TracedParams) => loss(p, samples))(params);
    return { loss: value, beside, gradient };
  };

/** One step down a mean over samples, which are shared out over the cores. */
export interface SharedDescent<S, B> {
  /**
   * @param samples arrays whose first axis counts the samples
   * @param part samples at a time
   * @param over the number that loss and gradient are divided by: the number of samples, or 1 where they are weighted
   */
  (state: Fitted, samples: Hosted<S>, rate: Tensor, part: number, over: number): Promise<Descended<B>>;
  dispose(): void;
}

/**
 * The same step where the loss is a sum over samples: one graph evaluated on parts of the batch side by side, the update a second
 * one. What the loss returns beside is a sum, too.
 */
export function sharedDescent<S, B>(
  pull: LossPull<S, B>,
  optimizer: Optimizer,
  { name, project = (params) => params }: DescentOptions,
): SharedDescent<S, B> {
  const sums: SampleSum<TracedParams, S, ReturnType<LossPull<S, B>>> = sumOverSamples(pull, { name });
  const update = compile(
    ({ params, optimizer: kept }: TracedFitted, gradient: TracedParams, rate: Traced, share: Traced) => {
      const mean = mapTree(gradient, (g) => g.mul(share.ref));
      share.dispose();
      const next = optimizer.update(params, mean, kept, rate);
      return { params: project(next.params), optimizer: next.state };
    },
    { name: `update of ${name}` },
  );
  const step = async (...[state, samples, rate, part, over]: Parameters<SharedDescent<S, B>>) => {
    const { loss, beside, gradient } = await sums(state.params, samples, part);
    const next = await update(state, gradient, rate, tensor(1 / over));
    return { state: next, loss: tensor(loss.item() / over), beside };
  };
  const dispose = () => {
    for (const own of [sums, update]) own.dispose();
  };
  return Object.assign(step, { dispose });
}
