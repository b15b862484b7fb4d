import { AttarError } from "../../engine/index.ts";
import { type CholeskyFactor, cholesky64, oppositeFactor, substituteForward } from "./cholesky64.ts";

/** A symmetric positive definite matrix, factored: A = L Lᵀ in float64. */
export interface Factored {
  readonly n: number;
  /** The number that was added to the diagonal. */
  readonly ridge: number;
  /** X with A X = B for B [n, columns]; new storage. */
  solve(b: ArrayLike<number>, columns: number): Float64Array;
}

/**
 * Factors K + λI on the host in float64: kernel matrices have condition numbers that float32 does not survive. Where K is not
 * positive definite for its rounding, λ is raised tenfold and tried again, six times at most.
 *
 * @param k [n, n], row-major, symmetric up to rounding; its lower triangle is read. @param ridge λ
 * @throws AttarError "ill-conditioned", exit code 3.
 */
export function factored(k: ArrayLike<number>, n: number, ridge: number): Factored {
  let added = ridge;
  for (let attempt = 0; attempt < 7; attempt++) {
    const factor = cholesky64(k, n, added);
    if (factor) return { n, ridge: added, solve: solver(factor, n) };
    added = Math.max(10 * added, 1e-12 * meanDiagonal(k, n));
  }
  throw new AttarError(
    "ill-conditioned",
    `the kernel matrix of ${n} points is not positive definite, even with ${added.toPrecision(1)} on its diagonal`,
    "Use a larger ridge, and look for points that are not finite.",
    3,
  );
}

/** tr(K) / n. */
export function meanDiagonal(k: ArrayLike<number>, n: number): number {
  let trace = 0;
  for (let i = 0; i < n; i++) trace += k[i * n + i]!;
  return trace / n;
}

/** Forward, then backward substitution, which is a forward one from the other end. */
function solver(factor: CholeskyFactor, n: number): Factored["solve"] {
  const { size } = factor;
  const opposite = oppositeFactor(factor);
  return (b, columns) => {
    const rows = Math.ceil(columns / 4) * 4;
    const x = new Float64Array(rows * size);
    for (let i = 0; i < n; i++) for (let c = 0; c < columns; c++) x[c * size + i] = b[i * columns + c]!;
    substituteForward(factor, x, rows);
    for (let c = 0; c < columns; c++) x.subarray(c * size, (c + 1) * size).reverse();
    substituteForward(opposite, x, rows);
    const out = new Float64Array(n * columns);
    for (let i = 0; i < n; i++) for (let c = 0; c < columns; c++) out[i * columns + c] = x[(c + 1) * size - 1 - i]!;
    return out;
  };
}
