/** The mean of numbers and its standard error; nought for a single one, whose spread nobody knows. */
export function interval(values: readonly number[]): { readonly mean: number; readonly error: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  if (values.length < 2) return { mean, error: 0 };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}
