import { AttarError } from "../../engine/errors.ts";

/** Releases of one kind: sums over T to which noise was added, under a Gaussian mechanism with Poisson sampling. */
export interface Releases {
  /** Standard deviation of the noise over the sensitivity of the sum, that is over the largest norm of an image's summand. */
  readonly sigma: number;
  /** Probability with which an image enters a release, each by a coin of its own; 1 where all do. */
  readonly rate: number;
  /** The number of releases. */
  readonly steps: number;
}

/**
 * The two data sets that no one shall be able to tell apart: one has an image more (`add-remove`), or another image in the
 * place of one (`replace-one`).
 */
export type Relation = "add-remove" | "replace-one";

/** @throws AttarError where a number cannot be one of releases */
export function checkReleases({ sigma, rate, steps }: Releases): void {
  if (!(sigma > 0 && Number.isFinite(sigma))) throw wrong("σ", "a positive number", sigma, "--sigma 1");
  if (!(rate > 0 && rate <= 1)) throw wrong("q", "a probability above 0, at most 1", rate, "--q 0.01");
  if (!(Number.isSafeInteger(steps) && steps > 0))
    throw wrong("the number of releases", "a whole number above 0", steps, "--steps 1000");
}

/** @throws AttarError unless 0 < δ < 1 */
export function checkDelta(delta: number): void {
  if (!(delta > 0 && delta < 1)) throw wrong("δ", "a probability above 0 and below 1", delta, "--delta 1e-5");
}

const wrong = (what: string, wanted: string, got: number, hint: string) =>
  new AttarError("bad-option", `${what} must be ${wanted}, got ${got}`, `for example ${hint}`);
