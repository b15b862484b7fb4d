import { tileOfProducts } from "../kernels/innerProducts64.ts";

/** L of A = L Lᵀ in float64, row-major, of a size that is a multiple of four: rows and columns beyond A's are the identity's. */
export interface CholeskyFactor {
  readonly size: number;
  readonly lower: Float64Array;
  /** One over each entry of the diagonal. */
  readonly inverses: Float64Array;
}

/**
 * Factors K + λI of n points, whose lower triangle is read, in tiles of 2 x 4 entries: of products of the rows left of a tile six numbers
 * are read for eight multiplications. Undefined where a pivot is not positive.
 */
export function cholesky64(k: ArrayLike<number>, n: number, ridge: number): CholeskyFactor | undefined {
  const size = Math.ceil(n / 4) * 4;
  const [lower, inverses, sums] = [new Float64Array(size * size), new Float64Array(size), new Float64Array(8)];
  const factor = { size, lower, inverses };
  for (let i = 0; i < size; i++) {
    if (i < n) for (let j = 0; j < i; j++) lower[i * size + j] = k[i * n + j]!;
    lower[i * size + i] = i < n ? k[i * n + i]! + ridge : 1;
  }
  for (let top = 0; top < size; top += 4) {
    for (let left = 0; left < top; left += 4) rowsBelow(factor, top, left, sums);
    if (!onDiagonal(factor, top, sums)) return undefined;
  }
  return factor;
}

/** Rows `top` to `top` + 3 of the columns `left` to `left` + 3, whose rows on the diagonal are done. */
function rowsBelow({ size, lower: l, inverses }: CholeskyFactor, top: number, left: number, sums: Float64Array): void {
  const [second, third, fourth] = [(left + 1) * size + left, (left + 2) * size + left, (left + 3) * size + left];
  const a = l[second]!;
  const b = l[third]!;
  const c = l[third + 1]!;
  const d = l[fourth]!;
  const e = l[fourth + 1]!;
  const f = l[fourth + 2]!;
  for (let i = top; i < top + 4; i += 2) {
    tileOfProducts([l, i * size], [l, left * size], size, left, sums);
    for (let row = 0; row < 2; row++) {
      const at = (i + row) * size + left;
      const s = 4 * row;
      const w = (l[at]! - sums[s]!) * inverses[left]!;
      const x = (l[at + 1]! - sums[s + 1]! - a * w) * inverses[left + 1]!;
      const y = (l[at + 2]! - sums[s + 2]! - b * w - c * x) * inverses[left + 2]!;
      l[at] = w;
      l[at + 1] = x;
      l[at + 2] = y;
      l[at + 3] = (l[at + 3]! - sums[s + 3]! - d * w - e * x - f * y) * inverses[left + 3]!;
    }
  }
}

/** The four rows on the diagonal; false where a pivot is not positive. */
function onDiagonal({ size, lower: l, inverses }: CholeskyFactor, top: number, sums: Float64Array): boolean {
  for (let i = top; i < top + 4; i++) {
    if ((i - top) % 2 === 0) tileOfProducts([l, i * size], [l, top * size], size, top, sums);
    for (let j = top; j <= i; j++) {
      let value = l[i * size + j]! - sums[((i - top) % 2) * 4 + j - top]!;
      for (let c = top; c < j; c++) value -= l[i * size + c]! * l[j * size + c]!;
      if (j < i) l[i * size + j] = value * inverses[j]!;
      else if (!(value > 0 && value < Number.POSITIVE_INFINITY)) return false;
      else {
        l[i * size + i] = Math.sqrt(value);
        inverses[i] = 1 / l[i * size + i]!;
      }
    }
  }
  return true;
}

/** Lᵀ, its rows and columns in the opposite order: lower triangular again. */
export function oppositeFactor({ size, lower, inverses }: CholeskyFactor): CholeskyFactor {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) out[(size - 1 - j) * size + size - 1 - i] = lower[i * size + j]!;
  return { size, lower: out, inverses: inverses.slice().reverse() };
}

/** Solves L X = B in place, X and B transposed: `columns` rows, a multiple of four, of `size` numbers. */
export function substituteForward({ size, lower, inverses }: CholeskyFactor, x: Float64Array, columns: number): void {
  const sums = new Float64Array(8);
  for (let i = 0; i < size; i += 2) {
    const below = lower[(i + 1) * size + i]!;
    for (let column = 0; column < columns; column += 4) {
      tileOfProducts([lower, i * size], [x, column * size], size, i, sums);
      for (let c = 0; c < 4; c++) {
        const at = (column + c) * size + i;
        x[at] = (x[at]! - sums[c]!) * inverses[i]!;
        x[at + 1] = (x[at + 1]! - sums[4 + c]! - below * x[at]!) * inverses[i + 1]!;
      }
    }
  }
}
