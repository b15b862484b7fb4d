import { epsilonOf } from "./epsilon.ts";
import { gaussianEpsilon, joinedSigma } from "./gaussian.ts";
import type { Releases } from "./release.ts";

/**
 * The ε of `size` images that may all be one person's, added or removed together, at δ. Without sampling exactly: they are
 * away by `size` norms. With it by the general rule: what is (ε, δ)-private for one image is (kε, δ (e^kε − 1)/(e^ε − 1))-private
 * for k of them.
 */
export function groupEpsilon(releases: readonly Releases[], delta: number, size: number): number {
  if (size === 1) return epsilonOf(releases, delta).upper;
  if (releases.every(({ rate }) => rate === 1)) return gaussianEpsilon(joinedSigma(releases) / size, delta);
  let least = Number.POSITIVE_INFINITY;
  // A smaller δ for one image costs ε and leaves more of the group's δ: the first share that fits is the best.
  for (let own = delta / size; own > 1e-9 * delta; own /= 2) {
    const { upper } = epsilonOf(releases, own);
    const grown = own * (Math.expm1(size * upper) / Math.expm1(upper));
    if (grown <= delta) {
      least = size * upper;
      break;
    }
  }
  return least;
}
