/** A mean with its standard error. */
export interface MeanEstimate {
  readonly mean: number;
  readonly stderr: number;
}

/**
 * Σ wᵢ vᵢ over a simple random sample that is `share` of a finite set, with the standard error as an estimate of the whole
 * set's mean: 0 where the sample is the set, NaN where one point is all there is of a larger one.
 */
export function sampledMean(values: Float64Array, weights: Float64Array, share: number): MeanEstimate {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += weights[i]! * values[i]!;
  const n = values.length;
  if (share === 1) return { mean, stderr: 0 };
  if (n < 2) return { mean, stderr: Number.NaN };
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (weights[i]! * (values[i]! - mean)) ** 2;
  return { mean, stderr: Math.sqrt((1 - share) * (n / (n - 1)) * squares) };
}

/** Mean of repeated estimates; its error adds the spread over repeats and what the estimates share. NaN for a single one. */
export function overRepeats(estimates: readonly { readonly value: number; readonly stderr: number }[]): {
  value: number;
  stderr: number;
} {
  const k = estimates.length;
  const value = estimates.reduce((sum, e) => sum + e.value, 0) / k;
  const within = estimates.reduce((sum, e) => sum + e.stderr ** 2, 0) / k;
  const between = k > 1 ? estimates.reduce((sum, e) => sum + (e.value - value) ** 2, 0) / (k - 1) / k : Number.NaN;
  return { value, stderr: Math.sqrt(within + between) };
}
