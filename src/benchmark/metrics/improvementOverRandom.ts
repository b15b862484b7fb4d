import { fraction } from "./fraction.ts";

/**
 * Improvement over random: IOR = acc(S) − acc(a random subset of the same size), both under the method's own training, its labels and
 * augmentation included. Higher is better.
 *
 * Li et al. 2025, DD-Ranking (arXiv 2505.13300).
 */
export const improvementOverRandom = (condensed: number, random: number): number =>
  fraction(condensed, "the accuracy of the condensed set") - fraction(random, "the accuracy of the random subset");
