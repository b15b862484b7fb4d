import type { Tuning } from "./method.ts";

/** A row of changes for short runs of ten images per class or more. */
export const fromTen = (set: Tuning["set"]): Tuning => ({ preset: "laptop", ipc: [10, 1000], set });

/**
 * Short runs of ten images per class or more start at the real images nearest to k-means centres: some hundred steps move S
 * by a few points of accuracy from wherever it starts, and random subsets differ by as many.
 */
export const representativeStart: Tuning = fromTen({ initialisation: "kmeans" });

/** Unrolled training at ten images per class or more, where a step at width 128 costs six times as much. */
export const narrow: Tuning = fromTen({ "network.width": 32 });

/** The start in words, for a method's departures. */
export const startDeparture =
  "In the laptop preset a set of ten images per class or more starts at the real images nearest to k-means centres: some hundred steps go not far.";
