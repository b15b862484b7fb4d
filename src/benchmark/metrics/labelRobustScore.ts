import { exponentialScore } from "./exponentialScore.ts";

/**
 * Label-robust score: LRS = (e^α − e⁻¹) / (e − e⁻¹) with α = w · IOR − (1 − w) · HLR, in [0, 1]; DD-Ranking's leaderboard shows it
 * times 100 with w = ½.
 *
 * Li et al. 2025, DD-Ranking (arXiv 2505.13300). Their code at version 0.2.0 feeds percentages, with which e^α is nought or
 * enormous; here both are differences of fractions.
 */
export const labelRobustScore = (
  { improvement, recovery }: { readonly improvement: number; readonly recovery: number },
  weight = 0.5,
): number => exponentialScore(weight * improvement - (1 - weight) * recovery);
