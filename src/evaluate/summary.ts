/** A value over the networks of an architecture. */
export interface Summary {
  readonly mean: number;
  /** Sample standard deviation over the runs; 0 for one run. */
  readonly std: number;
  /** The value of each run. */
  readonly runs: readonly number[];
}

/** The mean and spread of a value over runs. */
export function summary(runs: readonly number[]): Summary {
  const mean = runs.reduce((a, b) => a + b, 0) / runs.length;
  const variance = runs.length > 1 ? runs.reduce((s, r) => s + (r - mean) ** 2, 0) / (runs.length - 1) : 0;
  return { mean, std: Math.sqrt(variance), runs };
}
