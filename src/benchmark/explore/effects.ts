import { type Interval, mean, ranks, studentInterval } from "../statistics/index.ts";
import { type AxisName, axisNames } from "./axes.ts";
import type { Place, Trial } from "./place.ts";

/** What a choice on an axis did, over all combinations of the first rung that have it. */
export interface Effect {
  readonly axis: AxisName;
  readonly choice: string;
  /** Combinations with it, and those of them that diverged or have no score for another reason. */
  readonly combinations: number;
  readonly diverged: number;
  readonly missing: number;
  /** The mean of the metric with its 95 % interval over combinations, where every one has a score. */
  readonly mean?: number;
  readonly interval?: Interval;
  /** The mean rank among all combinations, 1 the best; what diverged is last. Undefined where a score is missing. */
  readonly rank?: number;
}

/**
 * The marginal effect of every choice on the axes of which several were tried. All combinations of the first rung count, each with as
 * many seconds of steps; of later rungs only the best are there. Nothing is averaged over what is missing.
 */
export function effectsOf({ rungs }: Pick<Place, "rungs">): readonly Effect[] {
  const trials = (rungs[0]?.trials ?? []).filter(({ candidate }) => candidate.combination);
  const known = trials.filter(isKnown);
  const rankOf = new Map(
    ranks(
      known.map(({ score = Number.NEGATIVE_INFINITY }) => score),
      "higher",
    ).map((rank, i) => [known[i]!, rank]),
  );
  return axisNames.flatMap((axis) => {
    const groups = new Map<string, Trial[]>();
    for (const trial of trials) {
      const { label } = trial.candidate.combination![axis];
      groups.set(label, [...(groups.get(label) ?? []), trial]);
    }
    if (groups.size < 2) return [];
    const effects = [...groups].map(([choice, own]) => effectOf(axis, choice, own, rankOf));
    return effects.sort((a, b) => (a.rank ?? Number.POSITIVE_INFINITY) - (b.rank ?? Number.POSITIVE_INFINITY));
  });
}

/** Tells whether a trial came to something: a score, or that it diverges. */
const isKnown = ({ score, diverged }: Trial) => score !== undefined || diverged;

function effectOf(
  axis: AxisName,
  choice: string,
  trials: readonly Trial[],
  rankOf: ReadonlyMap<Trial, number>,
): Effect {
  const scores = trials.flatMap(({ score }) => score ?? []);
  const missing = trials.filter((trial) => !isKnown(trial)).length;
  const whole = scores.length === trials.length;
  const interval = whole ? studentInterval(scores) : undefined;
  return {
    ...{ axis, choice, missing },
    combinations: trials.length,
    diverged: trials.filter(({ diverged }) => diverged).length,
    ...(whole && { mean: mean(scores) }),
    ...(interval && { interval }),
    ...(missing === 0 && { rank: mean(trials.map((trial) => rankOf.get(trial)!)) }),
  };
}
