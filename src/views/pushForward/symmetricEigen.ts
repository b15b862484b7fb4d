/**
 * Eigenvalues, descending, and eigenvectors of a symmetric matrix by cyclic Jacobi rotations, in float64. For matrices of
 * up to some hundred rows: the cost is a few times n³.
 *
 * @param matrix row-major [n, n]; overwritten
 * @returns `vectors` row-major [n, n], a row an eigenvector
 */
export function symmetricEigen(matrix: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  let norm = 0;
  for (const x of matrix) norm += x * x;
  for (let sweep = 0; sweep < 50; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += matrix[p * n + q]! ** 2;
    if (off <= 1e-28 * norm) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(matrix, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => matrix[j * n + j]! - matrix[i * n + i]!);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    vectors.set(v.subarray(from * n, (from + 1) * n), to * n);
  });
  return { values: Float64Array.from(order, (i) => matrix[i * n + i]!), vectors };
}

/** Makes element (p, q) zero: A ← JᵀAJ, and the rows of V the rotated ones. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const [x, y] = [a[k * n + p]!, a[k * n + q]!];
    a[k * n + p] = c * x - s * y;
    a[k * n + q] = s * x + c * y;
  }
  for (let k = 0; k < n; k++) {
    const [x, y] = [a[p * n + k]!, a[q * n + k]!];
    a[p * n + k] = c * x - s * y;
    a[q * n + k] = s * x + c * y;
    const [f, g] = [v[p * n + k]!, v[q * n + k]!];
    v[p * n + k] = c * f - s * g;
    v[q * n + k] = s * f + c * g;
  }
}
