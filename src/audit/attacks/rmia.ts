import { areaUnderCurve } from "../metrics/roc.ts";
import type { Evidence, MembershipAttack } from "./attack.ts";
import { probabilityOf } from "./confidence.ts";

/** The values of a that are tried on a reference. */
const grid = Array.from({ length: 11 }, (_, k) => k / 10);

/** p̄ = ½[(1 + a) p_out + (1 − a)]: the mean over models with and without a sample, from those without it. */
export const marginal = (without: number, a: number): number => ((1 + a) * without + (1 - a)) / 2;

/**
 * The share of others whose ratio a sample's exceeds: Pr_z[(p(x)/p̄(x)) / (p(z)/p̄(z)) > 1].
 *
 * @param others ratios of samples that no model was made of, ascending
 */
export function shareBelow(ratio: number, others: Float64Array): number {
  let [low, high] = [0, others.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (others[middle]! < ratio) low = middle + 1;
    else high = middle;
  }
  return low / others.length;
}

function scoresAt(evidence: Evidence, target: number, references: readonly number[], a: number): Float64Array {
  const { confidences, members, population } = evidence;
  const meanOfReferences = (values: readonly Float64Array[], i: number, without: boolean) => {
    let [sum, count] = [0, 0];
    for (const m of references) {
      if (without && members[m]![i] === 1) continue;
      sum += probabilityOf(values[m]![i]!);
      count++;
    }
    return count > 0 ? sum / count : undefined;
  };
  const ratioOf = (values: readonly Float64Array[], i: number, without: boolean) => {
    const p = probabilityOf(values[target]![i]!);
    return p / Math.max(1e-300, marginal(meanOfReferences(values, i, without) ?? p, a));
  };
  const others = Float64Array.from(population[target]!, (_, i) => ratioOf(population, i, false)).sort();
  return Float64Array.from(confidences[target]!, (_, i) => shareBelow(ratioOf(confidences, i, true), others));
}

/**
 * The relative attack of Zarifzadeh et al. 2024, of few references the strongest: a sample's ratio of confidence against those of
 * samples that no model was made of. Its one number a is chosen on a reference in the target's place.
 */
export const rmia: MembershipAttack = {
  name: "rmia",
  title: "ratio of confidences against those of other samples (RMIA, offline)",
  sees: "networks",
  scores(evidence, target, references) {
    const [stand, ...rest] = references;
    if (stand === undefined || rest.length === 0) return scoresAt(evidence, target, references, 0);
    let [best, chosen] = [Number.NEGATIVE_INFINITY, 0];
    for (const a of grid) {
      const found = areaUnderCurve(scoresAt(evidence, stand, rest, a), evidence.members[stand]!);
      if (found > best) [best, chosen] = [found, a];
    }
    return scoresAt(evidence, target, references, chosen);
  },
};
