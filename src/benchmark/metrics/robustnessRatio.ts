import { fraction } from "./fraction.ts";

/** Accuracies of one network: clean, and under each attack. */
export interface UnderAttack {
  readonly clean: number;
  readonly attacked: readonly number[];
}

/** The mean loss under attack and the largest, A₀ − mean Aᵢ and A₀ − min Aᵢ. @throws RangeError of no attacks */
function losses({ clean, attacked }: UnderAttack): { mean: number; worst: number } {
  if (attacked.length === 0) throw new RangeError("a robustness ratio of no attacks");
  fraction(clean, "the clean accuracy");
  for (const a of attacked) fraction(a, "an accuracy under attack");
  const mean = attacked.reduce((sum, a) => sum + a, 0) / attacked.length;
  return { mean: clean - mean, worst: clean - Math.min(...attacked) };
}

/**
 * BEARD's robustness ratio: RR = 1 − (A₀ − mean Aᵢ) / (A₀ − min Aᵢ), nought where no attack costs anything. A column for comparison
 * alone: it is relative to the network's own worst attack, so that one which is poor under all of them scores high.
 *
 * Zhou et al. 2024, BEARD (arXiv 2411.09265); Code/metrics of its repository, type "beard", here as a fraction.
 */
export function robustnessRatio(accuracies: UnderAttack): number {
  const { mean, worst } = losses(accuracies);
  return worst === 0 ? 0 : 1 - mean / worst;
}

/** BEARD's second ratio, type "rome": 1 − (A₀ − mean Aᵢ)(A₀ − min Aᵢ) / A₀². */
export function squaredRobustnessRatio(accuracies: UnderAttack): number {
  const { mean, worst } = losses(accuracies);
  return 1 - (mean * worst) / accuracies.clean ** 2;
}
