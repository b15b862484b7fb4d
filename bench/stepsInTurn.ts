import { estimate } from "../src/condense/index.ts";
import type { Dataset } from "../src/data/dataset.ts";
import type { Method } from "../src/methods/index.ts";

/** A method's record, a run's settings by their paths. */
export interface StepOf {
  readonly method: Method;
  readonly settings: Readonly<Record<string, number | string>>;
}

/** Median seconds of a step of each of two methods at ten images a class, timed in turn. */
export async function stepsInTurn(
  dataset: Dataset,
  [one, other]: readonly [StepOf, StepOf],
  rounds: number,
): Promise<{ seconds: number; without: number; times: number }> {
  const secondsOf = async ({ method, settings }: StepOf) => {
    const options = { ipc: 10, settings, record: method };
    return (await estimate(dataset, method, { ...options, measure: true })).measuredSecondsPerStep ?? Number.NaN;
  };
  const [own, others]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    own.push(await secondsOf(one));
    others.push(await secondsOf(other));
  }
  const [seconds, without] = [median(own), median(others)];
  return { seconds, without, times: Number((seconds / without).toFixed(2)) };
}

const median = (list: readonly number[]) => list.toSorted((a, b) => a - b)[list.length >> 1]!;
