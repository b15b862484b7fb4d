import { gaussianEpsilon, joinedSigma } from "./gaussian.ts";
import { type Bounds, composedEpsilon } from "./lossDistribution.ts";
import { checkDelta, checkReleases, type Relation, type Releases } from "./release.ts";
import { renyiEpsilon } from "./renyi.ts";

/** The privacy that releases cost together, and how it was computed. */
export interface Spent extends Bounds {
  /** Half the distance of the bounds; 0 where the answer is exact. */
  readonly error: number;
  readonly accountant: "exact" | "loss-distribution" | "Rényi";
}

/** The error in ε of an answer for a person, and the shares of ε that it is at most and, of a large one, at least. */
const [usualError, mostShare, leastShare] = [0.01, 0.02, 5e-4];

/** An ε that no one tells from none at all: bounding it is enough. */
const none = 500;

/**
 * The ε of all releases together at δ: exactly where every image enters every release, otherwise between bounds.
 *
 * @throws AttarError where a number makes no sense, or δ is below what float64 resolves
 */
export function epsilonOf(
  releases: readonly Releases[],
  delta: number,
  relation: Relation = "add-remove",
  error?: number,
): Spent {
  releases.forEach(checkReleases);
  checkDelta(delta);
  if (releases.length === 0) return { lower: 0, estimate: 0, upper: 0, error: 0, accountant: "exact" };
  if (releases.every(({ rate }) => rate === 1)) {
    // An image in the place of another one is away by twice its norm.
    const sigma = joinedSigma(releases) / (relation === "add-remove" ? 1 : 2);
    const epsilon = gaussianEpsilon(sigma, delta);
    return { lower: epsilon, estimate: epsilon, upper: epsilon, error: 0, accountant: "exact" };
  }
  const bound = renyiEpsilon(releases, delta, relation);
  if (bound > none) return { lower: 0, estimate: bound, upper: bound, error: bound, accountant: "Rényi" };
  const wide = error ?? Math.max(usualError, leastShare * bound);
  const found = composedEpsilon(releases, delta, relation, wide);
  const narrow = Math.max(1e-5, mostShare * found.estimate);
  if (error !== undefined || narrow >= wide) return { ...found, error: wide, accountant: "loss-distribution" };
  return { ...composedEpsilon(releases, delta, relation, narrow), error: narrow, accountant: "loss-distribution" };
}
