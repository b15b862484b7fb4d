import { hardLabelRecovery as recoveryOf } from "../metrics/hardLabelRecovery.ts";
import { improvementOverRandom as improvementOf } from "../metrics/improvementOverRandom.ts";
import { labelRobustScore as scoreOf } from "../metrics/labelRobustScore.ts";
import type { Asked, Derivation, Derived } from "./derivation.ts";
import { type Found, type Numbers, type Place, together } from "./numbers.ts";

/** The accuracy of random subsets of a set's size under its protocol, mean over all of them. */
export function randomAt(numbers: Numbers, { seed: _, ...place }: Place, metric = "accuracy"): Found {
  const { random } = numbers;
  if (random === undefined) return { missing: 'no random subsets: "random" in "methods"' };
  if (random === place.subject) return { missing: "it is the random subset that others are held against" };
  return numbers.ofSubject({ ...place, subject: random }, metric);
}

type Words = Pick<Derivation, "name" | "title" | "unit" | "better">;

/** A derivation of one figure from findings that must all be there. */
const single = (
  words: Words,
  needs: (asked: Asked) => readonly Found[],
  value: (means: readonly number[]) => number,
): Derivation => ({
  ...words,
  of: "network",
  restates: true,
  options: {},
  figures(asked): readonly Derived[] {
    const { name: metric, unit, better } = words;
    const found = needs(asked);
    const missing = found.flatMap((one) => ("missing" in one ? [one.missing] : []));
    if (missing.length > 0) return [{ metric, unit, better, value: null, reason: [...new Set(missing)].join("; ") }];
    const all = together(found);
    const means = found.map((one) => ("missing" in one ? Number.NaN : one.mean));
    return [{ metric, unit, better, value: value(means), ...("keys" in all && { keys: all.keys }) }];
  },
});

const own = ({ numbers, place }: Asked) => numbers.at(place, "accuracy");
const full = ({ numbers, place }: Asked) => numbers.fullAt(place, "accuracy");
const random = ({ numbers, place }: Asked) => randomAt(numbers, place);

/** DD-Ranking's hard-label recovery: what a set costs against networks on the full data (Li et al. 2025). */
export const hardLabelRecovery = single(
  {
    name: "hard-label-recovery",
    title: "HLR: accuracy of networks on the full data less that on the set",
    unit: "difference",
    better: "lower",
  },
  (asked) => [full(asked), own(asked)],
  ([all, set]) => recoveryOf(all!, set!),
);

/** DD-Ranking's improvement over random: what a set gains over random subsets of its size (Li et al. 2025). */
export const improvementOverRandom = single(
  {
    name: "improvement-over-random",
    title: "IOR: accuracy on the set less that on random subsets of its size",
    unit: "difference",
    better: "higher",
  },
  (asked) => [own(asked), random(asked)],
  ([set, subset]) => improvementOf(set!, subset!),
);

/** DD-Ranking's label-robust score of the two, weighed alike (Li et al. 2025). */
export const labelRobustScore = single(
  {
    name: "label-robust-score",
    title: "LRS: IOR and HLR in one score from 0 to 1",
    unit: "fraction",
    better: "higher",
  },
  (asked) => [full(asked), own(asked), random(asked)],
  ([all, set, subset]) => scoreOf({ improvement: improvementOf(set!, subset!), recovery: recoveryOf(all!, set!) }),
);
