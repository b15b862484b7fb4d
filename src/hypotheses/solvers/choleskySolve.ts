import { AttarError } from "../../engine/index.ts";
import { tileOfProducts } from "../kernels/innerProducts64.ts";

/** A symmetric positive definite matrix, factored: A = L Lᵀ in float64. */
export interface Factored {
  readonly n: number;
  /** L, row-major, its upper triangle zero. */
  readonly lower: Float64Array;
  /** What was added to the diagonal. */
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
    const lower = cholesky(k, n, added);
    if (lower) return { n, lower, ridge: added, solve: (b, columns) => solve(lower, n, b, columns) };
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

/**
 * L in tiles of 2 x 4 entries, whose products read six numbers for eight multiplications; rows beyond n are those of the
 * identity. Undefined where a pivot is not positive.
 */
function cholesky(k: ArrayLike<number>, n: number, ridge: number): Float64Array | undefined {
  const m = Math.ceil(n / 4) * 4;
  const l = new Float64Array(m * m);
  const sums = new Float64Array(8);
  for (let i = 0; i < m; i++) {
    if (i < n) for (let j = 0; j < i; j++) l[i * m + j] = k[i * n + j]!;
    l[i * m + i] = i < n ? k[i * n + i]! + ridge : 1;
  }
  for (let top = 0; top < m; top += 4) {
    for (let left = 0; left <= top; left += 4) {
      subtractProducts(l, m, top, left, sums);
      subtractProducts(l, m, top + 2, left, sums);
      for (let i = top; i < top + 4; i++) {
        for (let j = left; j < Math.min(left + 4, i + 1); j++) {
          let value = l[i * m + j]!;
          for (let c = left; c < j; c++) value -= l[i * m + c]! * l[j * m + c]!;
          if (i !== j) l[i * m + j] = value / l[j * m + j]!;
          else if (value > 0 && value < Number.POSITIVE_INFINITY) l[i * m + i] = Math.sqrt(value);
          else return undefined;
        }
      }
    }
  }
  // The tiles on the diagonal leave numbers above it.
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out.set(l.subarray(i * m, i * m + i + 1), i * n);
  return out;
}

/** Two rows of a tile less the products of their entries left of it with those of the rows of its columns. */
function subtractProducts(l: Float64Array, m: number, i: number, j: number, sums: Float64Array): void {
  tileOfProducts([l, i * m], [l, j * m], m, j, sums);
  for (let row = 0; row < 2; row++)
    for (let column = 0; column < 4; column++) {
      const at = (i + row) * m + j + column;
      l[at] = l[at]! - sums[row * 4 + column]!;
    }
}

/** Forward, then backward substitution, all columns of a row at once, rows four at a time. */
function solve(l: Float64Array, n: number, b: ArrayLike<number>, columns: number): Float64Array {
  const x = new Float64Array(b);
  for (let i = 0; i < n; i++) {
    const row = i * columns;
    let j = 0;
    for (; j + 4 <= i; j += 4) {
      const [l0, l1, l2, l3] = four(l, i * n + j);
      const at = j * columns;
      for (let c = 0; c < columns; c++) {
        const s = l0 * x[at + c]! + l1 * x[at + columns + c]!;
        x[row + c] = x[row + c]! - s - (l2 * x[at + 2 * columns + c]! + l3 * x[at + 3 * columns + c]!);
      }
    }
    for (; j < i; j++) {
      const factor = l[i * n + j]!;
      for (let c = 0; c < columns; c++) x[row + c] = x[row + c]! - factor * x[j * columns + c]!;
    }
    const pivot = l[i * n + i]!;
    for (let c = 0; c < columns; c++) x[row + c] = x[row + c]! / pivot;
  }
  for (let i = n - 1; i >= 0; i--) {
    const row = i * columns;
    const pivot = l[i * n + i]!;
    for (let c = 0; c < columns; c++) x[row + c] = x[row + c]! / pivot;
    let j = 0;
    for (; j + 4 <= i; j += 4) {
      const [l0, l1, l2, l3] = four(l, i * n + j);
      const at = j * columns;
      for (let c = 0; c < columns; c++) {
        const v = x[row + c]!;
        x[at + c] = x[at + c]! - l0 * v;
        x[at + columns + c] = x[at + columns + c]! - l1 * v;
        x[at + 2 * columns + c] = x[at + 2 * columns + c]! - l2 * v;
        x[at + 3 * columns + c] = x[at + 3 * columns + c]! - l3 * v;
      }
    }
    for (; j < i; j++) {
      const factor = l[i * n + j]!;
      for (let c = 0; c < columns; c++) x[j * columns + c] = x[j * columns + c]! - factor * x[row + c]!;
    }
  }
  return x;
}

const four = (l: Float64Array, at: number): [number, number, number, number] => [
  l[at]!,
  l[at + 1]!,
  l[at + 2]!,
  l[at + 3]!,
];
