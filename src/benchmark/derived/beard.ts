import { isAttackReading } from "../../evaluate/readings/index.ts";
import { attackEfficiency as efficiencyOf } from "../metrics/attackEfficiency.ts";
import { robustnessEfficiencyIndex as indexOf } from "../metrics/robustnessEfficiencyIndex.ts";
import { robustnessRatio as ratioOf } from "../metrics/robustnessRatio.ts";
import type { Asked, Derivation, Derived } from "./derivation.ts";

/** What BEARD's figures say of themselves: columns to compare with its tables by, no more. */
const wallTime = "of wall time: another machine, or a busier one, comes to another value";

type Ratio = { readonly ratios: readonly number[]; readonly keys: readonly string[] } | { readonly missing: string };

/** The attacks that a study reads. */
const attacksOf = ({ circumstances }: Asked) =>
  circumstances.readings.filter(({ reading }) => isAttackReading(reading.name));

/** The robustness ratio of every network, over all attacks that the study reads. */
function ratiosOf(asked: Asked): Ratio {
  const { place, numbers } = asked;
  const attacks = attacksOf(asked);
  if (attacks.length === 0) return { missing: 'no attack: name some in "objectives", such as apgd-ce:linf,8/255' };
  const keys = new Set<string>();
  const columns: number[][] = [];
  const clean: number[][] = [];
  for (const { name } of attacks)
    for (const [metric, into] of [
      [name, columns],
      [`${name}.clean`, clean],
    ] as const) {
      const found = numbers.at(place, metric);
      if ("missing" in found) return found;
      for (const key of found.keys) keys.add(key);
      into.push([...found.values]);
    }
  const [first] = clean;
  if (clean.some((one) => one.some((value, i) => value !== first![i])))
    return { missing: "its attacks are on different images: give them one number of images" };
  const ratios = first!.map((value, i) => ratioOf({ clean: value, attacked: columns.map((column) => column[i]!) }));
  return { ratios, keys: [...keys] };
}

/**
 * The attack efficiency of the networks at a place, from the seconds of readings: a clean pass is that of the accuracy's, as
 * many images of it as were attacked.
 */
function efficiencyAt(asked: Asked): { readonly efficiency: number } | { readonly missing: string } {
  const { place, circumstances } = asked;
  const attacks = attacksOf(asked);
  if (attacks.length === 0) return { missing: 'no attack: name some in "objectives", such as apgd-ce:linf,8/255' };
  const seconds = circumstances.readingSeconds(place);
  const all = circumstances.testImages(place.dataset);
  const times = attacks.map(({ name }) => seconds?.[name]);
  const pass = seconds?.accuracy;
  if (pass === undefined || all === undefined || times.some((one) => one === undefined))
    return { missing: "its attacks were not timed: the networks were attacked by another version, or in another run" };
  const images = Math.min(all, ...attacks.map(({ reading }) => Number(reading.options.images)));
  const efficiency = efficiencyOf((pass * images) / all, times as number[]);
  return efficiency === undefined ? { missing: "no attack takes longer than a clean pass" } : { efficiency };
}

const derivation = (
  name: string,
  title: string,
  figures: (asked: Asked, words: Pick<Derived, "metric" | "unit" | "better">) => readonly Derived[],
): Derivation => {
  const words = { metric: name, unit: "fraction", better: "higher" } as const;
  return {
    ...{ name, title, of: "network", restates: true, options: {}, unit: words.unit, better: words.better },
    figures: (asked) => figures(asked, words),
  };
};

/** BEARD's robustness ratio, of each network (Zhou et al. 2024). */
export const robustnessRatio = derivation(
  "robustness-ratio",
  "BEARD's RR: losses under attack, against the worst of them; for comparison alone",
  (asked, words) => {
    const found = ratiosOf(asked);
    if ("missing" in found) return [{ ...words, value: null, reason: found.missing }];
    return found.ratios.map((value, repeat) => ({ ...words, value, repeat, keys: found.keys }));
  },
);

/** BEARD's attack efficiency, of wall time (Zhou et al. 2024). */
export const attackEfficiency = derivation(
  "attack-efficiency",
  "BEARD's AE: seconds of attacks, against the longest of them; of wall time, for comparison alone",
  (asked, words) => {
    const found = efficiencyAt(asked);
    if ("missing" in found) return [{ ...words, value: null, reason: found.missing }];
    return [{ ...words, value: found.efficiency, reason: wallTime }];
  },
);

/** BEARD's index of the two, weighed alike (Zhou et al. 2024). */
export const robustnessEfficiencyIndex = derivation(
  "robustness-efficiency-index",
  "BEARD's CREI: RR and AE, half and half; of wall time, for comparison alone",
  (asked, words) => {
    const [ratio, time] = [ratiosOf(asked), efficiencyAt(asked)];
    const missing = [ratio, time].flatMap((one) => ("missing" in one ? [one.missing] : []));
    if ("missing" in ratio || "missing" in time)
      return [{ ...words, value: null, reason: [...new Set(missing)].join("; ") }];
    return ratio.ratios.map((value, repeat) => ({
      ...words,
      value: indexOf(value, time.efficiency),
      repeat,
      reason: wallTime,
      keys: ratio.keys,
    }));
  },
);
