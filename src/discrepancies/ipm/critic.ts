import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { mapSamples, type RandomKey, type SampleMap, Tensor, tensor, zeros } from "../../engine/index.ts";
import {
  adam,
  type Network,
  type Params,
  perNetwork,
  pullOf,
  type SharedDescent,
  sharedDescent,
  type TracedParams,
  trainSteps,
  unfitted,
} from "../../hypotheses/index.ts";
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

interface Compiled {
  /** A step down −Σ sign · h over samples. */
  readonly step: SharedDescent<Samples, object>;
  readonly values: SampleMap<TracedParams, Traced, Traced>;
  dispose(): void;
}

/** Samples that are evaluated at a time. */
const part = 16;

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
  const { step } = programsOf(network);
  const params = { ...network.init(key.fold("init")) };
  params.head = Object.fromEntries(Object.entries(params.head!).map(([name, t]) => [name, zeros(t.shape)]));
  const rate = tensor(training.learningRate);
  const signs = tensor(new Float32Array(2 * training.batch).fill(1 / training.batch));
  signs.data.fill(-1 / training.batch, training.batch);
  const trained = await trainSteps(
    { step: 0, state: unfitted(params, adam()) },
    training.steps,
    async (state, t) => {
      // One draw of uniform numbers for both sides: equal measures give equal batches.
      const draws = key.fold("batch").fold(t).uniform(training.batch);
      const images = Tensor.concat([drawn(a, draws), drawn(b, draws)]);
      const next = await step(state, { images, signs }, rate, part, 1);
      return { state: next.state, loss: next.loss.item() };
    },
    { name: "training of a critic", hint: "--set ipm-critic.rate=0.0001", signal },
  );
  return trained.params;
}

/** h(x) of every point of a measure, in (−1, 1). */
export async function criticValues(network: Network, params: Params, measure: EmpiricalMeasure): Promise<Float64Array> {
  const values = await programsOf(network).values(params, asImages(measure));
  return Float64Array.from(values.data);
}

const programsOf = (network: Network): Compiled => compiled(network, "", () => compiledFor(network));

function compiledFor(network: Network): Compiled {
  const { name } = network.spec;
  const critic = (params: TracedParams, images: Traced): Traced => np.tanh(network.logits(params, images));
  const loss = (params: TracedParams, { images, signs }: Samples): [Traced, object] => {
    const h = critic(params, images).reshape(signs.shape);
    return [np.sum(h.mul(signs)).mul(-1), {}];
  };
  const step = sharedDescent(pullOf(loss), adam(), { name: `critic gradient of ${name}` });
  const values = mapSamples(critic, `critic values of ${name}`);
  const dispose = () => {
    for (const own of [step, values]) own.dispose();
  };
  return { step, values, dispose };
}

/** Points drawn with replacement by their weights. */
const drawn = (measure: EmpiricalMeasure, draws: Float32Array): Tensor =>
  asImages(measure).take(drawnByWeight(weightsOf(measure), draws));
