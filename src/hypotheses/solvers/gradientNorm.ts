/** A running mean of gradient norms; undefined before the first. Part of a run's state. */
export type NormAverage = number | undefined;

export interface NormClip {
  /** Weight of the past in the running mean; 0.9. */
  readonly decay?: number;
  /** Largest norm let through, in running means; 2. */
  readonly factor?: number;
}

/**
 * Scales a gradient down to at most `factor` running means of its norm. The mean takes this norm in first, as in RaT-BPTT's
 * code: norms of truncated unrolls vary by orders of magnitude, and one outlier must not throw S away.
 *
 * @returns the gradient (the same array where nothing is clipped), its norm before clipping, and the mean after it. A norm
 * that is no number gives a gradient of zeros and leaves the mean as it is.
 */
export function clippedByAverage(
  gradient: Float32Array,
  average: NormAverage,
  { decay = 0.9, factor = 2 }: NormClip = {},
): { gradient: Float32Array; norm: number; average: NormAverage } {
  let square = 0;
  for (const g of gradient) square += g * g;
  const norm = Math.sqrt(square);
  if (!Number.isFinite(norm)) return { gradient: new Float32Array(gradient.length), norm, average };
  const mean = average === undefined ? norm : average + (1 - decay) * (norm - average);
  const most = factor * mean;
  return { gradient: norm > most ? gradient.map((g) => (g * most) / norm) : gradient, norm, average: mean };
}

/**
 * Rescales `gradient` so that its norm is at most that of `reference`; a gradient that is no number becomes zero. CIG's bound
 * of the implicit part by the direct one (Loo et al. 2023).
 */
export function atMostNormOf(gradient: Float32Array, reference: Float32Array): Float32Array {
  let [own, most] = [0, 0];
  for (const g of gradient) own += g * g;
  for (const g of reference) most += g * g;
  if (!Number.isFinite(own)) return new Float32Array(gradient.length);
  return own > most ? gradient.map((g) => g * Math.sqrt(most / own)) : gradient;
}
