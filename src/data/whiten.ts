import type { Zca } from "./dataset.ts";

/** x ← W (x − m) for each row of `rows` [n, dimension], in place. */
export function whiten(rows: Float32Array, { dimension, mean, whiten: matrix }: Zca): void {
  for (let at = 0; at < rows.length; at += dimension)
    for (let i = 0; i < dimension; i++) rows[at + i] = rows[at + i]! - mean[i]!;
  multiplyRows(rows, matrix, dimension);
}

/** x ← W⁻¹ x + m for each row of `rows` [n, dimension], in place. */
export function unwhiten(rows: Float32Array, { dimension, mean, unwhiten: matrix }: Zca): void {
  multiplyRows(rows, matrix, dimension);
  for (let at = 0; at < rows.length; at += dimension)
    for (let i = 0; i < dimension; i++) rows[at + i] = rows[at + i]! + mean[i]!;
}

/** Each row times a symmetric matrix, four rows at a time so that the matrix is read once for the four. */
function multiplyRows(rows: Float32Array, matrix: Float32Array, n: number): void {
  const count = rows.length / n;
  const copy = new Float32Array(4 * n);
  for (let first = 0; first < count; first += 4) {
    const taken = Math.min(4, count - first);
    copy.fill(0);
    copy.set(rows.subarray(first * n, (first + taken) * n));
    for (let i = 0; i < n; i++) {
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let j = 0, m = i * n; j < n; j++, m++) {
        const w = matrix[m]!;
        a += w * copy[j]!;
        b += w * copy[n + j]!;
        c += w * copy[2 * n + j]!;
        d += w * copy[3 * n + j]!;
      }
      const sums = [a, b, c, d];
      for (let r = 0; r < taken; r++) rows[(first + r) * n + i] = sums[r]!;
    }
  }
}
