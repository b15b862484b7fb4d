import { AttarError, type RandomKey } from "../../engine/index.ts";
import type { Network } from "../../hypotheses/index.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import { rowsOf, sampledMean, weightsOf } from "../measures/index.ts";
import { type CriticTraining, criticValues, trainCritic } from "./critic.ts";

/**
 * The IPM over {tanh ∘ f_θ} from below: a critic trained on one half of either measure is read on the other halves, and the
 * other way round; the mean of both readings, not below 0. On held-out halves a reading estimates the difference of the
 * critic's means without bias, whatever the critic overfitted. The standard error is that of the held-out means.
 *
 * @throws AttarError "one-sample" where a measure has no two halves.
 */
export async function criticDiscrepancy(
  network: Network,
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  training: CriticTraining,
  key: RandomKey,
  signal?: AbortSignal,
): Promise<{ value: number; stderr: number }> {
  const [x, y] = [halves(a, key), halves(b, key)];
  let [value, variance] = [0, 0];
  for (const fold of [0, 1] as const) {
    const critic = await trainCritic(network, x[fold], y[fold], training, key.fold(fold), signal);
    const [f, g] = [await heldOutMean(network, critic, x[1 - fold]!), await heldOutMean(network, critic, y[1 - fold]!)];
    value += (f.mean - g.mean) / 2;
    variance += (f.stderr ** 2 + g.stderr ** 2) / 4;
  }
  return { value: Math.max(0, value), stderr: Math.sqrt(variance) };
}

async function heldOutMean(network: Network, critic: Parameters<typeof criticValues>[1], measure: EmpiricalMeasure) {
  // A half speaks for the distribution it was drawn from: its share of that is nothing.
  return sampledMean(await criticValues(network, critic, measure), weightsOf(measure), 0);
}

/** Two random halves; measures of equally many points are split at the same positions. */
function halves(measure: EmpiricalMeasure, key: RandomKey): [EmpiricalMeasure, EmpiricalMeasure] {
  const count = measure.labels.length;
  if (count < 2)
    throw new AttarError(
      "one-sample",
      `${measure.name} has one point, and a critic is trained on one half of the points and read on the other`,
      "Leave out ipm-critic, or give a set of at least two points.",
    );
  const order = key.fold("halves").permutation(count);
  return [rowsOf(measure, order.subarray(0, count >> 1)), rowsOf(measure, order.subarray(count >> 1))];
}
