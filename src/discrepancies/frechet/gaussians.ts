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
  const lower = semidefiniteFactor(a.covariance, n);
  for (const eigenvalue of symmetricEigenvalues(congruent(lower, b.covariance, n), n))
    value -= 2 * Math.sqrt(Math.max(0, eigenvalue));
  return Math.max(0, value);
}

/** L of A = L Lᵀ for a positive semi-definite A, row-major; columns whose pivot is rounding are 0. */
function semidefiniteFactor(a: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, a[i * n + i]!);
  for (let j = 0; j < n; j++) {
    let pivot = a[j * n + j]!;
    for (let k = 0; k < j; k++) pivot -= l[j * n + k]! ** 2;
    if (pivot <= largest * n * Number.EPSILON) continue;
    const root = Math.sqrt(pivot);
    l[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      l[i * n + j] = sum / root;
    }
  }
  return l;
}

/** LᵀBL. */
function congruent(l: Float64Array, b: Float64Array, n: number): Float64Array {
  const half = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const value = b[i * n + k]!;
      if (value === 0) continue;
      for (let j = 0; j <= k; j++) half[i * n + j] = half[i * n + j]! + value * l[k * n + j]!;
    }
  const out = new Float64Array(n * n);
  for (let k = 0; k < n; k++)
    for (let i = 0; i <= k; i++) {
      const value = l[k * n + i]!;
      if (value === 0) continue;
      for (let j = 0; j < n; j++) out[i * n + j] = out[i * n + j]! + value * half[k * n + j]!;
    }
  return out;
}
