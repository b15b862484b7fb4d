import { exponentialScore } from "./exponentialScore.ts";
import { improvementOverRandom } from "./improvementOverRandom.ts";

/** Accuracies of a condensed set and of a random subset of its size, under one training. */
export interface BesideRandom {
  readonly condensed: number;
  readonly random: number;
}

/**
 * Augmentation-robust score: ARS = (e^β − e⁻¹) / (e − e⁻¹) with β = γ · (gain with augmentation) + (1 − γ) · (gain without), each gain
 * over a random subset; in [0, 1].
 *
 * Li et al. 2025, DD-Ranking (arXiv 2505.13300).
 */
export const augmentationRobustScore = (augmented: BesideRandom, plain: BesideRandom, weight = 0.5): number =>
  exponentialScore(
    weight * improvementOverRandom(augmented.condensed, augmented.random) +
      (1 - weight) * improvementOverRandom(plain.condensed, plain.random),
  );
