import { AttarError } from "../engine/index.ts";

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

/** The error of a run that cannot go on, exit code 3. */
export function diverged(what: string): AttarError {
  return new AttarError(
    "diverged",
    `${what}: the run diverged; the last good state is kept`,
    "start over with a smaller learning rate: --set imageLearningRate=…",
    3,
  );
}
