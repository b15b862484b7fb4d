import { AttarError, Tensor } from "../engine/index.ts";
import type { Tensors } from "./state.ts";

/** A loss that grows to this multiple of the largest of the first steps stops the run. */
const explosion = 1e4;
/** Steps whose largest loss is the scale that later losses are held against. */
const earlySteps = 10;

const scalar = (value: number) => new Tensor(Float32Array.of(value), [1], "float32");
const spreadName = (variable: string) => `spread.${variable}`;

/** The guard's slot before the first step: no loss yet, and the spread of every variable. */
export function guardOf(variables: Tensors): Tensors {
  const spreads = Object.entries(variables).map(([name, t]) => [spreadName(name), scalar(spreadOf(t))]);
  return { loss: scalar(0), ...Object.fromEntries(spreads) };
}

/**
 * The guard's slot after one more step.
 *
 * @param step the step the loss belongs to, from 0
 */
export function guardAfter(guard: Tensors, step: number, loss: number): Tensors {
  return step < earlySteps ? { ...guard, loss: scalar(Math.max(guard.loss!.data[0]!, loss)) } : guard;
}

/**
 * Stops a run whose loss is no number or has exploded.
 *
 * @param guard the slot; without one only a loss that is no number stops the run
 * @throws AttarError "diverged", exit code 3
 */
export function guardLoss(loss: number, step: number, guard?: Tensors): void {
  if (!Number.isFinite(loss)) throw diverged(`the loss is ${loss} at step ${step + 1}`);
  const early = guard?.loss?.data[0] ?? 0;
  if (early > 0 && loss > explosion * early)
    throw diverged(`the loss grew to ${loss.toPrecision(3)} at step ${step + 1}`);
}

/** Largest minus smallest value, or the largest without its sign where that is more; 1 where all are equal. */
function spreadOf({ data }: Tensor): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data) [least, most] = [Math.min(least, value), Math.max(most, value)];
  return most > least ? Math.max(most - least, -least, most) : 1;
}

/**
 * Stops a run whose variables have left the range of numbers, or exploded though the loss stays flat: a network that
 * normalises its input does not see its size. Every variable is held against its own spread at the start.
 *
 * @throws AttarError "diverged", exit code 3
 */
export function guardVariables(variables: Tensors, guard: Tensors, step: number): void {
  for (const [name, { data }] of Object.entries(variables)) {
    const bound = explosion * (guard[spreadName(name)]?.data[0] ?? Number.POSITIVE_INFINITY);
    const what = name === "images" ? "a pixel" : `a value of "${name}"`;
    for (let i = 0; i < data.length; i++) {
      const value = data[i]!;
      if (Math.abs(value) <= bound) continue;
      if (!Number.isFinite(value)) throw diverged(`the gradient or ${what} is not finite at step ${step + 1}`);
      throw diverged(`${what} grew to ${value.toPrecision(3)} at step ${step + 1}`);
    }
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
