import { randomKey } from "../../engine/index.ts";
import { type Network, oneHot, type Recipe, type TrainingSet, train } from "../../hypotheses/index.ts";
import type { Hypothesis } from "../criterion/hypothesis.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import { asImages, positive, sampled, weightsOf, wholeNumber } from "../measures/index.ts";

/** The limits of training a hypothesis; the options of every discrepancy that trains. */
export const trainingOptions = {
  steps: wholeNumber(200, 1, "SGD steps of a training, rounded up to whole passes over its set"),
  samples: wholeNumber(500, 1, "points of a set it is trained on at most"),
  rate: positive(0.01, "learning rate at the start"),
};

const batch = 32;

export interface Training {
  readonly seed: number;
  readonly steps: number;
  readonly samples: number;
  /** Learning rate at the start; 0.01. */
  readonly rate?: number;
}

const kept = new WeakMap<EmpiricalMeasure, WeakMap<Network, Map<string, Promise<Hypothesis>>>>();

/**
 * h*_μ = A(μ): the network trained on a measure from its i-th initialisation, which is the same for every measure of a
 * seed. Both sides of a comparison take equally many steps whatever the sizes of their sets. Recipe: SGD with a learning rate
 * that falls to 0 along a cosine, momentum 0.9, weight decay 5e-4, batches of 32, no augmentation; weighted points count by their
 * weights. Remembered by measure and network, so that discrepancies share it.
 */
export function trainedOn(
  network: Network,
  measure: EmpiricalMeasure,
  initialisation: number,
  training: Training,
  signal?: AbortSignal,
): Promise<Hypothesis> {
  const ofMeasure = kept.get(measure) ?? new WeakMap<Network, Map<string, Promise<Hypothesis>>>();
  kept.set(measure, ofMeasure);
  const known = ofMeasure.get(network) ?? new Map<string, Promise<Hypothesis>>();
  ofMeasure.set(network, known);
  const { seed, steps, samples, rate } = training;
  const id = JSON.stringify([initialisation, seed, steps, samples, rate]);
  const hypothesis = known.get(id) ?? fit(network, measure, initialisation, training, signal);
  known.set(id, hypothesis);
  // A training that was interrupted is no result to keep.
  hypothesis.catch(() => known.delete(id));
  return hypothesis;
}

/** The common initialisation i of all trainings of a seed, untrained. */
export function initialHypothesis(network: Network, initialisation: number, seed: number): Hypothesis {
  return { network, params: network.init(keyOf(seed).fold("init").fold(initialisation)) };
}

async function fit(
  network: Network,
  measure: EmpiricalMeasure,
  initialisation: number,
  { seed, steps, samples, rate = 0.01 }: Training,
  signal?: AbortSignal,
): Promise<Hypothesis> {
  const key = keyOf(seed);
  const { measure: own } = sampled(measure, samples, key.fold("samples"));
  const { params } = initialHypothesis(network, initialisation, seed);
  const count = own.labels.length;
  const recipe: Recipe = {
    epochs: Math.ceil(steps / Math.ceil(count / batch)),
    batch,
    optimizer: "sgd",
    learningRate: rate,
    momentum: 0.9,
    weightDecay: 5e-4,
    schedule: "cosine",
    augmentation: "",
  };
  const trained = await train(network, trainingSet(network, own), recipe, key.fold("order").fold(initialisation), {
    params,
    signal,
  });
  return { network, params: trained.params };
}

const keyOf = (seed: number) => randomKey(seed).fold("trained hypotheses");

/** Weights enter as targets that sum to n·wᵢ: cross-entropy is linear in its target. */
function trainingSet(network: Network, measure: EmpiricalMeasure): TrainingSet {
  const images = asImages(measure);
  if (!measure.weights) return { images, labels: measure.labels };
  const labels = oneHot(measure.labels, network.classes);
  weightsOf(measure).forEach((weight, i) => {
    labels.data[i * network.classes + measure.labels[i]!] = weight * measure.labels.length;
  });
  return { images, labels };
}
