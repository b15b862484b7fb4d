import { randomKey } from "../../engine/index.ts";
import { differenceIntervals, type Interval, mean, studentInterval } from "../statistics/index.ts";
import type { Place } from "./place.ts";

/** The best combination less the best method of the study. */
export interface Difference {
  readonly value: number;
  readonly interval?: Interval;
}

/** The difference on held-out rows, with the interval of a bootstrap over networks; none where the two did not meet in a rung. */
export function heldOutDifference({ rungs, found, published }: Place): Difference | undefined {
  const met = rungs.some(({ trials }) => found && published && trials.includes(found) && trials.includes(published));
  if (!met || found?.score === undefined || published?.score === undefined) return undefined;
  const key = randomKey(0).fold("explore").fold("difference");
  const [interval] = differenceIntervals([[found.values, published.values]], [[0, 1]], { key });
  return { value: found.score - published.score, ...(interval && { interval }) };
}

/** The difference on the test split, with Student's interval over seeds: a pair of sets each. None where a score is missing. */
export function finalDifference({ finals, found, published }: Place): Difference | undefined {
  const [own, other] = [found, published].map((trial) =>
    finals.find(({ candidate }) => candidate === trial?.candidate)?.sets.map(({ score }) => score),
  );
  if (!own || !other) return undefined;
  const pairs = own.flatMap((score, i) => {
    const against = other[i];
    return score === undefined || against === undefined ? [] : [score - against];
  });
  if (pairs.length === 0 || pairs.length < own.length) return undefined;
  const interval = studentInterval(pairs);
  return { value: mean(pairs), ...(interval && { interval }) };
}
