/** A matrix, row by row. */
export type Matrix = readonly (readonly number[])[];

/**
 * Toom and Cook's bilinear form of a correlation: `outputs` values y[i] = Σ_k d[i + k] w[k] of `taps` weights by
 * `outputs + taps − 1` products, y = A [ (G w) ⊙ (B d) ], one at each of `points` and one at infinity.
 *
 * @returns B [products, products], G [products, taps] and A [outputs, products].
 */
export function toomCook(
  points: readonly number[],
  outputs: number,
  taps: number,
): { b: Matrix; g: Matrix; a: Matrix } {
  const others = points.map((_, j) => points.filter((__, l) => l !== j));
  const powers = (x: number, count: number) => Array.from({ length: count }, (_, k) => x ** k);
  const atInfinity = (count: number) => powers(0, count).reverse();
  const weight = points.map((x, j) => others[j]!.reduce((product, y) => product * (x - y), 1));
  return {
    b: [...others.map((roots) => [...polynomial(roots), 0]), polynomial(points)],
    g: [...points.map((x, j) => powers(x, taps).map((v) => v / weight[j]!)), atInfinity(taps)],
    a: transposed([...points.map((x) => powers(x, outputs)), atInfinity(outputs)]),
  };
}

/** M ⊗ M: what transforms rows and columns of a flattened square. */
export const kroneckerSquare = (m: Matrix): Matrix =>
  m.flatMap((p) => m.map((q) => p.flatMap((x) => q.map((y) => x * y))));

export const transposed = (m: Matrix): Matrix => m[0]!.map((_, i) => m.map((row) => row[i]!));

/** Coefficients of Π (x − root), the constant first. */
function polynomial(roots: readonly number[]): number[] {
  let product = [1];
  for (const root of roots) product = [...product, 0].map((_, k) => (product[k - 1] ?? 0) - root * (product[k] ?? 0));
  return product;
}
