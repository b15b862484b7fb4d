import { numpy as np, type Array as Traced } from "@jax-js/jax";
import {
  AttarError,
  gradientWith,
  mapSamples,
  type SampleMap,
  type Tensor,
  tensor,
  zeros,
} from "../../engine/index.ts";
import { crossEntropies, type Network, oneHot, perNetwork, type TracedParams } from "../../hypotheses/index.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import { asImages } from "../measures/index.ts";
import type { Hypothesis } from "./hypothesis.ts";
import { mean, type PointwiseCriterion } from "./testLoss.ts";

/** The ball ‖δ‖ ≤ ε a perturbation is kept in and how it is searched. */
export interface Attack {
  /** Radius in the units of the points: standard deviations of a normalised pixel. */
  readonly epsilon: number;
  readonly norm: "linf" | "l2";
  /** Steps of projected gradient ascent. */
  readonly steps: number;
  /** Length of a step; 2.5 ε / steps when left out, so that the border is in reach from anywhere. */
  readonly stepSize?: number;
}

type Fixed = { params: TracedParams; epsilon: Traced; step: Traced };
type Samples = { images: Traced; targets: Traced; perturbation: Traced };
type Ascent = SampleMap<Fixed, Samples, { perturbation: Traced; loss: Traced }>;

const ascents = perNetwork<Ascent>();

/**
 * max over ‖δ‖ ≤ ε of ℓ(h(x + δ), y) for every point, by projected gradient ascent from δ = 0 along the sign of the gradient
 * (l∞) or its direction (l2), a batch of points at a time: the largest loss met on the way, so a lower bound of the maximum
 * and at least the loss at x (§2, adversarial robustness; Madry et al. 2018).
 *
 * @throws AttarError "bad-attack" for a radius, step size or number of steps that is not positive.
 */
export function pointwiseRobustLoss(attack: Attack, signal?: AbortSignal): PointwiseCriterion {
  const { epsilon, norm, steps, stepSize = (2.5 * epsilon) / steps } = attack;
  for (const [name, value] of Object.entries({ epsilon, steps, stepSize }))
    if (!(value > 0 && value < Number.POSITIVE_INFINITY))
      throw new AttarError("bad-attack", `the ${name} of an attack is a number above 0, got ${value}`);
  return async ({ network, params }, measure) => {
    const name = `${norm} ascent on the loss of ${network.spec.name}`;
    const up = ascents(network, norm, () => mapSamples(ascent(network, norm), name));
    const images = asImages(measure);
    const targets = oneHot(measure.labels, network.classes);
    const fixed = { params, epsilon: tensor(epsilon), step: tensor(stepSize) };
    const worst = new Float64Array(measure.labels.length).fill(Number.NEGATIVE_INFINITY);
    let perturbation: Tensor = zeros(images.shape);
    // The loss comes out at the perturbation that goes in: one call more than steps sees the last one.
    for (let t = 0; t <= steps; t++) {
      signal?.throwIfAborted();
      const next = await up(fixed, { images, targets, perturbation });
      for (let i = 0; i < worst.length; i++) worst[i] = Math.max(worst[i]!, next.loss.data[i]!);
      perturbation = next.perturbation;
    }
    return worst;
  };
}

/** φ_ε(h, μ) = E_μ max over ‖δ‖ ≤ ε of ℓ(h(x + δ), y), from below; see {@link pointwiseRobustLoss}. */
export async function robustLoss(hypothesis: Hypothesis, measure: EmpiricalMeasure, attack: Attack): Promise<number> {
  return mean(await pointwiseRobustLoss(attack)(hypothesis, measure), measure);
}

/** One step: the loss of every sample at its perturbation, and the perturbation after a step up the gradient. */
function ascent(network: Network, norm: Attack["norm"]) {
  return ({ params, epsilon, step }: Fixed, { images, targets, perturbation }: Samples) => {
    const each = (delta: Traced): [Traced, Traced] => {
      const loss = crossEntropies(network.logits(params, images.add(delta)), targets);
      return [np.sum(loss.ref), loss];
    };
    const [gradient, loss] = gradientWith(each)(perturbation.ref);
    const moved = norm === "linf" ? np.sign(gradient) : gradient.ref.div(lengths(gradient).add(1e-30));
    const next = perturbation.add(moved.mul(step));
    return { perturbation: norm === "linf" ? boxed(next, epsilon) : shortened(next, epsilon), loss };
  };
}

/** Every entry in [−ε, ε]. */
const boxed = (delta: Traced, epsilon: Traced): Traced => np.maximum(np.minimum(delta, epsilon.ref), epsilon.mul(-1));

/** Every sample of l2 norm at most ε. */
const shortened = (delta: Traced, epsilon: Traced): Traced =>
  delta.ref.mul(np.minimum(1, epsilon.div(lengths(delta).add(1e-30))));

/** l2 norms of samples, [n, 1, 1, 1]. */
function lengths(x: Traced): Traced {
  const n = x.shape[0]!;
  return np.sqrt(np.sum(np.square(x).reshape([n, -1]), 1)).reshape([n, 1, 1, 1]);
}
