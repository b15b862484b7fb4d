import type { Relation, Releases } from "./accountants/index.ts";

/** Gaussian noise on sums over independent coins' choice of T: what a private run does with every read, and claims. */
export interface Mechanism {
  /** Standard deviation of the noise over the clip. */
  readonly sigma: number;
  /** The largest norm of what one sample adds to a release, all its numbers together. */
  readonly clip: number;
  /** Probability with which a sample enters a release, each by a coin of its own; 1 where all do. */
  readonly rate: number;
  /** Releases there are. */
  readonly releases: number;
  readonly delta: number;
  readonly relation: Relation;
  /** "grid": discrete noise on whole numbers, which a claim rests on; "float": float64 noise, for experiments. */
  readonly noise: "grid" | "float";
  /** Standard deviation, in samples, of the noise on the sizes of classes; 0 where they are taken as equal, and not read. */
  readonly counts: number;
}

/** The releases of a mechanism, as accountants take them. @param taken sums released; all there are where left out */
export function releasesOf({ sigma, rate, releases, counts }: Mechanism, taken = releases): readonly Releases[] {
  const sums = taken > 0 ? [{ sigma, rate, steps: taken }] : [];
  // An image more or less changes one size by one.
  return counts > 0 ? [...sums, { sigma: counts, rate: 1, steps: 1 }] : sums;
}
