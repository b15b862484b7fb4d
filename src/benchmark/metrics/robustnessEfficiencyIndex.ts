/**
 * BEARD's comprehensive robustness-efficiency index: CREI = α · RR + (1 − α) · AE, α = ½.
 *
 * Zhou et al. 2024, BEARD (arXiv 2411.09265).
 */
export const robustnessEfficiencyIndex = (ratio: number, efficiency: number, weight = 0.5): number =>
  weight * ratio + (1 - weight) * efficiency;
