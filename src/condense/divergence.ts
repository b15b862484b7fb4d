import { AttarError } from "../engine/index.ts";
import type { Tensors } from "./state.ts";

/** A loss that grows to this multiple of the largest of the first steps stops the run. */
const explosion = 1e4;
/** Steps whose largest loss is the scale that later losses are held against. */
const earlySteps = 10;

/**
 * The scale that a later loss is held against, after one more step.
 *
 * @param early the scale so far; 0 before the first step
 * @param step the step the loss belongs to, from 0
 */
export function earlyLossAfter(early: number, step: number, loss: number): number {
  return step < earlySteps ? Math.max(early, loss) : early;
}

/**
 * Stops a run whose loss is no number or has exploded.
 *
 * @throws AttarError "diverged", exit code 3
 */
export function guardLoss(loss: number, early: number, step: number): void {
  if (!Number.isFinite(loss)) throw diverged(`the loss is ${loss} at step ${step + 1}`);
  if (early > 0 && loss > explosion * early)
    throw diverged(`the loss grew to ${loss.toPrecision(3)} at step ${step + 1}`);
}

/** Largest minus smallest value; 1 where all are equal. */
export function spreadOf(variables: Tensors): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { data } of Object.values(variables))
    for (const value of data) [least, most] = [Math.min(least, value), Math.max(most, value)];
  return most > least ? most - least : 1;
}

/**
 * Stops a run whose pixels have left the range of numbers, or exploded though the loss stays flat: a network that
 * normalises its input does not see their size.
 *
 * @param spread of the variables at the start
 * @throws AttarError "diverged", exit code 3
 */
export function guardVariables(variables: Tensors, spread: number, step: number): void {
  const bound = explosion * spread;
  for (const { data } of Object.values(variables))
    for (let i = 0; i < data.length; i++) {
      const value = data[i]!;
      if (Math.abs(value) <= bound) continue;
      if (!Number.isFinite(value)) throw diverged(`the gradient or a pixel is not finite at step ${step + 1}`);
      throw diverged(`a pixel grew to ${value.toPrecision(3)} at step ${step + 1}`);
    }
}

/** The error of a run that cannot go on, exit code 3. */
export function diverged(what: string): AttarError {
  return new AttarError(
    "diverged",
    `${what}: the run diverged; the last good state is kept`,
    "start over with a smaller learning rate: --set imageLearningRate=…",
    3,
  );
}
