/**
 * Eigenvalues of a symmetric matrix in float64, in no order: Householder's reduction to a tridiagonal matrix and the QL algorithm with
 * implicit shifts. Without eigenvectors a matrix of a thousand rows is a matter of a second.
 *
 * @param matrix row-major [n, n]; overwritten
 */
export function symmetricEigenvalues(matrix: Float64Array, n: number): Float64Array {
  const { diagonal, beside } = tridiagonal(matrix, n);
  return ql(diagonal, beside);
}

function tridiagonal(a: Float64Array, n: number): { diagonal: Float64Array; beside: Float64Array } {
  const beside = new Float64Array(n);
  const p = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    // A reflection that leaves of column k below the diagonal one entry.
    let norm = 0;
    for (let i = k + 1; i < n; i++) norm += a[i * n + k]! ** 2;
    norm = Math.sqrt(norm);
    beside[k] = norm === 0 ? 0 : a[(k + 1) * n + k]! > 0 ? -norm : norm;
    if (norm === 0) continue;
    const v = new Float64Array(n);
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k]!;
    v[k + 1] = v[k + 1]! - beside[k]!;
    let square = 0;
    for (let i = k + 1; i < n; i++) square += v[i]! ** 2;
    if (square === 0) continue;
    const scale = 2 / square;
    let along = 0;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += a[i * n + j]! * v[j]!;
      p[i] = scale * sum;
      along += p[i]! * v[i]!;
    }
    for (let i = k + 1; i < n; i++) p[i] = p[i]! - (scale / 2) * along * v[i]!;
    for (let i = k + 1; i < n; i++)
      for (let j = k + 1; j < n; j++) a[i * n + j] = a[i * n + j]! - v[i]! * p[j]! - p[i]! * v[j]!;
  }
  if (n > 1) beside[n - 2] = a[(n - 1) * n + n - 2]!;
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), beside };
}

function ql(d: Float64Array, e: Float64Array): Float64Array {
  const n = d.length;
  // Of a singular matrix neighbours on the diagonal may both be rounding: what is small is held against the whole matrix, too.
  let norm = 0;
  for (let i = 0; i < n; i++) norm = Math.max(norm, Math.abs(d[i]!) + Math.abs(e[i]!));
  const isSmall = (m: number) =>
    Math.abs(e[m]!) <= Number.EPSILON * Math.max(norm * Number.EPSILON, Math.abs(d[m]!) + Math.abs(d[m + 1]!));
  for (let l = 0; l < n; l++)
    for (let round = 0; ; round++) {
      let m = l;
      while (m < n - 1 && !isSmall(m)) m++;
      if (m === l) break;
      if (round === 60) throw new RangeError("the eigenvalues of a matrix do not converge");
      let g = (d[l + 1]! - d[l]!) / (2 * e[l]!);
      const r = Math.hypot(g, 1);
      g = d[m]! - d[l]! + e[l]! / (g + (g >= 0 ? r : -r));
      let [s, c, p] = [1, 1, 0];
      let i = m - 1;
      for (; i >= l; i--) {
        const [f, b] = [s * e[i]!, c * e[i]!];
        const t = Math.hypot(f, g);
        e[i + 1] = t;
        if (t === 0) {
          d[i + 1] = d[i + 1]! - p;
          e[m] = 0;
          break;
        }
        [s, c] = [f / t, g / t];
        g = d[i + 1]! - p;
        const q = (d[i]! - g) * s + 2 * c * b;
        p = s * q;
        d[i + 1] = g + p;
        g = c * q - b;
      }
      if (i >= l) continue;
      d[l] = d[l]! - p;
      e[l] = g;
      e[m] = 0;
    }
  return d;
}
