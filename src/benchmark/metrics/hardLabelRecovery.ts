import { fraction } from "./fraction.ts";

/**
 * Hard-label recovery, how much accuracy a set costs: HLR = acc(T, hard labels) − acc(S, hard labels), both under one training with
 * hard labels and no tricks. Lower is better.
 *
 * Li et al. 2025, DD-Ranking (arXiv 2505.13300).
 */
export const hardLabelRecovery = (full: number, condensed: number): number =>
  fraction(full, "the accuracy of the full data") - fraction(condensed, "the accuracy of the condensed set");
