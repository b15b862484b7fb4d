/** A score of a set on networks of several architectures. */
export interface CrossArchitecture {
  /** The mean over all architectures but the one that the set was condensed on. */
  readonly mean: number;
  /** The least of them. */
  readonly worst: number;
  /** What is lost on the way: the score on the set's own architecture less the mean. Negative where others do better. */
  readonly drop: number;
}

/**
 * How far a set serves networks that it was not condensed with.
 *
 * Cui et al. 2022, DC-BENCH (arXiv 2207.09639).
 *
 * @param scores by network, higher is better
 * @param own the network that the set was condensed on
 * @returns nothing where no other network, or not the own one, was scored: a mean over what is there would not be comparable
 */
export function crossArchitecture(
  scores: Readonly<Record<string, number>>,
  own: string,
): CrossArchitecture | undefined {
  const others = Object.entries(scores).flatMap(([net, score]) => (net === own ? [] : [score]));
  const at = Object.hasOwn(scores, own) ? scores[own] : undefined;
  if (at === undefined || others.length === 0) return undefined;
  const mean = others.reduce((sum, s) => sum + s, 0) / others.length;
  return { mean, worst: Math.min(...others), drop: at - mean };
}
