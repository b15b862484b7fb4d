import { rangeBelow, rangeQuantile } from "./distributions/studentisedRange.ts";

/** The standard deviation of a difference of two mean ranks, of k methods on N blocks. */
const scale = (k: number, n: number) => Math.sqrt((k * (k + 1)) / (6 * n));

/**
 * Nemenyi's critical difference of mean ranks (Demšar 2006, §3.2.2): q √(k(k+1)/6N), where q is the studentised range's quantile with
 * infinite degrees of freedom, over √2.
 */
export const criticalDifference = (methods: number, blocks: number, alpha = 0.05): number =>
  (rangeQuantile(1 - alpha, methods) / Math.SQRT2) * scale(methods, blocks);

/** P(two of k mean ranks differ by as much) where all methods are alike. */
export const nemenyiP = (difference: number, methods: number, blocks: number): number =>
  1 - rangeBelow((Math.abs(difference) / scale(methods, blocks)) * Math.SQRT2, methods);
