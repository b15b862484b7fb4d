import { logNormalBelow } from "../../privacy/accountants/normal.ts";
import type { Evidence, MembershipAttack } from "./attack.ts";
import { medianOf, sidesOf } from "./sides.ts";

/** A normal distribution that values were fitted by. */
export interface Fit {
  readonly mean: number;
  readonly deviation: number;
}

/** The references of a side from which a deviation of a sample's own is fitted; below, residuals of all samples are pooled. */
const ownDeviationFrom = 32;

const least = 1e-6;

/** A fit by the median, which one odd model does not move, and the deviation (divided by n). */
export function fitOf(values: readonly number[]): Fit {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const square = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  return { mean: medianOf(values), deviation: Math.max(least, Math.sqrt(square)) };
}

/** ln N(x; fit), without the constant that all fits share. */
const logDensity = (x: number, { mean, deviation }: Fit) =>
  -((x - mean) ** 2) / (2 * deviation ** 2) - Math.log(deviation);

/** Λ of the online attack: how much likelier φ is with the sample than without it. */
export const onlineRatio = (x: number, within: Fit, without: Fit): number =>
  logDensity(x, within) - logDensity(x, without);

/** Λ of the offline attack: ln Pr[Z ≤ φ] of models without the sample, one-sided, as Carlini et al. write it. */
export const offlineRatio = (x: number, without: Fit): number => logNormalBelow((x - without.mean) / without.deviation);

/** The fits of every sample, of both sides. */
function fitsOf({ confidences, members }: Pick<Evidence, "confidences" | "members">, references: readonly number[]) {
  const n = confidences[0]!.length;
  const sides = Array.from({ length: n }, (_, i) => sidesOf(confidences, members, references, i));
  const within = fitted(sides.map((side) => side.within));
  const without = fitted(sides.map((side) => side.without));
  // A sample that was on one side in all references is thought to move as far as others do.
  let shift = 0;
  let both = 0;
  for (let i = 0; i < n; i++)
    if (!Number.isNaN(within[i]!.mean) && !Number.isNaN(without[i]!.mean)) {
      shift += within[i]!.mean - without[i]!.mean;
      both++;
    }
  const usual = both > 0 ? shift / both : 0;
  const filled = (own: Fit, other: Fit, by: number) =>
    Number.isNaN(own.mean) ? { mean: other.mean + by, deviation: own.deviation } : own;
  return {
    within: within.map((own, i) => filled(own, without[i]!, usual)),
    without: without.map((own, i) => filled(own, within[i]!, -usual)),
  };
}

/** One side's fits. Few references have a deviation of their own that says little: their residuals are pooled over samples. */
function fitted(values: readonly (readonly number[])[]): Fit[] {
  const fits = values.map((own) => (own.length > 0 ? fitOf(own) : { mean: Number.NaN, deviation: least }));
  const typical = medianOf(values.map(({ length }) => length));
  if (typical >= ownDeviationFrom) return fits;
  let [squares, count] = [0, 0];
  for (const own of values) {
    if (own.length < 2) continue;
    const middle = own.reduce((a, b) => a + b, 0) / own.length;
    for (const v of own) squares += (v - middle) ** 2;
    count += own.length - 1;
  }
  const deviation = Math.max(least, count > 0 ? Math.sqrt(squares / count) : 1);
  return fits.map(({ mean }) => ({ mean, deviation }));
}

/** The likelihood ratio attack of Carlini et al. 2022 with models on both sides of a sample. */
export const lira: MembershipAttack = {
  name: "lira",
  title: "likelihood ratio of models with and without the sample (LiRA, online)",
  sees: "networks",
  scores(evidence, target, references) {
    const { within, without } = fitsOf(evidence, references);
    return evidence.confidences[target]!.map((x, i) => onlineRatio(x, within[i]!, without[i]!));
  },
};

/** The same with models without the sample alone: none has to be made anew for a sample that is asked about. */
export const liraOffline: MembershipAttack = {
  name: "lira-offline",
  title: "how unlikely a model without the sample is (LiRA, offline)",
  sees: "networks",
  scores(evidence, target, references) {
    const { without } = fitsOf(evidence, references);
    return evidence.confidences[target]!.map((x, i) => offlineRatio(x, without[i]!));
  },
};

/**
 * The online attack through views of a sample: the mean of the ratios of itself, shifted and mirrored, as if views were independent
 * (Carlini et al. 2022, with several queries).
 */
export const liraViews: MembershipAttack = {
  name: "lira-views",
  title: "likelihood ratio, the mean over shifted and mirrored views of the sample",
  sees: "views",
  scores({ members, confidences, views }, target, references) {
    const all = [confidences, ...views];
    const out = new Float64Array(confidences[target]!.length);
    for (const own of all) {
      const { within, without } = fitsOf({ confidences: own, members }, references);
      for (const [i, x] of own[target]!.entries()) out[i]! += onlineRatio(x, within[i]!, without[i]!) / all.length;
    }
    return out;
  },
};
