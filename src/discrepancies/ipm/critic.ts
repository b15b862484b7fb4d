import { numpy as np, type Array as Traced } from "@jax-js/jax";
import {
  compile,
  gradientOf,
  mapSamples,
  type RandomKey,
  type SampleMap,
  type SampleSum,
  sumOverSamples,
  Tensor,
  tensor,
  zeros,
} from "../../engine/index.ts";
import { adam, type Network, type Params, perNetwork, type TracedParams } from "../../hypotheses/index.ts";
import type { OptimizerState, TracedOptimizerState } from "../../hypotheses/optimizers/index.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import { asImages, drawnByWeight, weightsOf } from "../measures/index.ts";

/** The training of a critic: Adam (β₁ 0.9, β₂ 0.999) on batches of both sides. */
export interface CriticTraining {
  readonly steps: number;
  /** Points of either side a step. */
  readonly batch: number;
  readonly learningRate: number;
}

type Samples = { images: Traced; signs: Traced };
type State = { params: Params; optimizer: OptimizerState };

interface Compiled {
  /** Gradient of −Σ sign · h over samples. */
  readonly gradient: SampleSum<TracedParams, Samples, TracedParams>;
  readonly update: (state: State, gradient: Params, rate: Tensor) => Promise<State>;
  readonly values: SampleMap<TracedParams, Traced, Traced>;
  dispose(): void;
}

const compiled = perNetwork<Compiled>();

/**
 * A function of the class {tanh ∘ f_θ}, f_θ the network with one output, trained to a large E_a h − E_b h. The class is
 * bounded by 1, so every member's difference is at most twice the total variation distance. The last layer starts at zero:
 * trainings for (a, b) and (b, a) then mirror each other, and the critic of two equal measures is the function 0.
 */
export async function trainCritic(
  network: Network,
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  training: CriticTraining,
  key: RandomKey,
  signal?: AbortSignal,
): Promise<Params> {
  const { gradient, update } = programsOf(network);
  const params = { ...network.init(key.fold("init")) };
  params.head = Object.fromEntries(Object.entries(params.head!).map(([name, t]) => [name, zeros(t.shape)]));
  let state: State = { params, optimizer: adam().init(params) };
  const rate = tensor(training.learningRate);
  const signs = tensor(new Float32Array(2 * training.batch).fill(1 / training.batch));
  signs.data.fill(-1 / training.batch, training.batch);
  for (let t = 0; t < training.steps; t++) {
    signal?.throwIfAborted();
    // One draw of uniform numbers for both sides: equal measures give equal batches.
    const draws = key.fold("batch").fold(t).uniform(training.batch);
    const images = Tensor.concat([drawn(a, draws), drawn(b, draws)]);
    const pull = await gradient(state.params, { images, signs }, 16);
    state = await update(state, pull, rate);
  }
  return state.params;
}

/** h(x) of every point of a measure, in (−1, 1). */
export async function criticValues(network: Network, params: Params, measure: EmpiricalMeasure): Promise<Float64Array> {
  const values = await programsOf(network).values(params, asImages(measure));
  return Float64Array.from(values.data);
}

const programsOf = (network: Network): Compiled => compiled(network, "", () => compiledFor(network));

function compiledFor(network: Network): Compiled {
  const { name } = network.spec;
  const optimizer = adam();
  const critic = (params: TracedParams, images: Traced): Traced => np.tanh(network.logits(params, images));
  const pull = (params: TracedParams, { images, signs }: Samples): TracedParams => {
    const loss = (p: TracedParams) => np.sum(critic(p, images).reshape(signs.shape).mul(signs)).mul(-1);
    return gradientOf(loss)(params);
  };
  const update = (
    state: { params: TracedParams; optimizer: TracedOptimizerState },
    gradient: TracedParams,
    rate: Traced,
  ) => {
    const next = optimizer.update(state.params, gradient, state.optimizer, rate);
    return { params: next.params, optimizer: next.state };
  };
  const own = {
    gradient: sumOverSamples(pull, { name: `critic gradient of ${name}` }),
    update: compile(update, { name: `critic update of ${name}` }),
    values: mapSamples(critic, `critic values of ${name}`),
  };
  const dispose = () => {
    for (const one of Object.values(own)) one.dispose();
  };
  return { ...own, dispose };
}

/** Points drawn with replacement by their weights. */
function drawn(measure: EmpiricalMeasure, draws: Float32Array): Tensor {
  const images = asImages(measure);
  const length = images.data.length / images.shape[0]!;
  const data = new Float32Array(draws.length * length);
  drawnByWeight(weightsOf(measure), draws).forEach((i, k) => {
    data.set(images.data.subarray(i * length, (i + 1) * length), k * length);
  });
  return new Tensor(data, [draws.length, ...images.shape.slice(1)], "float32");
}
