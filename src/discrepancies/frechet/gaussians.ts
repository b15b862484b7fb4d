import { symmetricEigenvalues } from "./symmetricEigenvalues.ts";

/** Mean [d] and covariance [d, d], row-major. */
export interface Gaussian {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/**
 * The Fréchet distance of two Gaussians, squared as the field gives it (Heusel et al. 2017): ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2 (Σ₁^½ Σ₂ Σ₁^½)^½),
 * the squared Wasserstein metric of order 2 between them. The last trace is the sum of the roots of the eigenvalues of LᵀΣ₂L with
 * Σ₁ = L Lᵀ; those below 0 are rounding and count as 0.
 */
export function squaredFrechet(a: Gaussian, b: Gaussian): number {
  const n = a.mean.length;
  let value = 0;
  for (let i = 0; i < n; i++)
    value += (a.mean[i]! - b.mean[i]!) ** 2 + a.covariance[i * n + i]! + b.covariance[i * n + i]!;
  const { factor, rank } = semidefiniteFactor(a.covariance, n);
  for (const eigenvalue of symmetricEigenvalues(congruent(factor, rank, b.covariance, n), rank))
    value -= 2 * Math.sqrt(Math.max(0, eigenvalue));
  return Math.max(0, value);
}

/**
 * L of A = L Lᵀ for a positive semi-definite A, row-major [n, n], of which the first `rank` columns count. The largest pivot comes next, so that
 * of fewer points than dimensions what is left at the end is rounding, and is left out.
 */
function semidefiniteFactor(a: Float64Array, n: number): { factor: Float64Array; rank: number } {
  const factor = new Float64Array(n * n);
  const left = Float64Array.from({ length: n }, (_, i) => a[i * n + i]!);
  const open = new Set(left.keys());
  const rounding = left.reduce((most, v) => Math.max(most, v), 0) * n * Number.EPSILON;
  let rank = 0;
  for (; rank < n; rank++) {
    let pivot = -1;
    for (const i of open) if (pivot < 0 || left[i]! > left[pivot]!) pivot = i;
    if (left[pivot]! <= rounding) break;
    open.delete(pivot);
    const root = Math.sqrt(left[pivot]!);
    factor[pivot * n + rank] = root;
    for (const i of open) {
      let sum = a[i * n + pivot]!;
      for (let k = 0; k < rank; k++) sum -= factor[i * n + k]! * factor[pivot * n + k]!;
      factor[i * n + rank] = sum / root;
      left[i] = left[i]! - (sum / root) ** 2;
    }
  }
  return { factor, rank };
}

/** LᵀBL for the first columns of L: [rank, rank]. */
function congruent(l: Float64Array, rank: number, b: Float64Array, n: number): Float64Array {
  const half = new Float64Array(n * rank);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const value = b[i * n + k]!;
      if (value === 0) continue;
      for (let j = 0; j < rank; j++) half[i * rank + j] = half[i * rank + j]! + value * l[k * n + j]!;
    }
  const out = new Float64Array(rank * rank);
  for (let k = 0; k < n; k++)
    for (let i = 0; i < rank; i++) {
      const value = l[k * n + i]!;
      if (value === 0) continue;
      for (let j = 0; j < rank; j++) out[i * rank + j] = out[i * rank + j]! + value * half[k * rank + j]!;
    }
  return out;
}
