import type { Tensor } from "../../../engine/index.ts";

/** Squarings after which a factor of rank^(1/2^(squarings+1)) is left: below 1 + 10⁻⁵. */
const squarings = 19;

/**
 * An upper bound of the largest singular value of a matrix [rows, columns], tight to 10⁻⁵: ‖W‖₂² <= ‖(WWᵀ)^k‖_F^(1/k)
 * with k = 2^19 by repeated squaring, in float64. Power iteration would give a lower bound, and prove nothing.
 */
export function spectralNormBound(weight: Tensor): number {
  const [rows, columns] = weight.shape as [number, number];
  const small = Math.min(rows, columns);
  const at = (i: number, k: number) =>
    rows <= columns ? weight.data[i * columns + k]! : weight.data[k * columns + i]!;
  let gram = new Float64Array(small * small);
  for (let i = 0; i < small; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < Math.max(rows, columns); k++) sum += at(i, k) * at(j, k);
      gram[i * small + j] = sum;
      gram[j * small + i] = sum;
    }
  let logarithm = 0;
  let power = 1;
  for (let s = 0; ; s++) {
    const norm = Math.sqrt(gram.reduce((a, v) => a + v * v, 0));
    if (norm === 0) return 0;
    logarithm += Math.log(norm) / power;
    if (s === squarings) return Math.exp(logarithm / 2);
    for (let e = 0; e < gram.length; e++) gram[e] = gram[e]! / norm;
    gram = squared(gram, small);
    power *= 2;
  }
}

/** The square of a symmetric matrix. */
function squared(a: Float64Array, n: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const v = a[i * n + k]!;
      for (let j = 0; j < n; j++) out[i * n + j] = out[i * n + j]! + v * a[k * n + j]!;
    }
  return out;
}
