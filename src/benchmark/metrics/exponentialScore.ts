/**
 * DD-Ranking's map of a difference α in [−1, 1] to a score in [0, 1]: (e^α − e⁻¹) / (e − e⁻¹). No difference is 0.2689, not a half.
 */
export const exponentialScore = (alpha: number): number => (Math.exp(alpha) - Math.exp(-1)) / (Math.E - Math.exp(-1));
