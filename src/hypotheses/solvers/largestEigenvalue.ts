import type { LinearMap } from "./conjugateGradient.ts";
import { addScaled, dot } from "./parameterVector.ts";

export interface Eigenpair {
  /** ⟨v, A v⟩ of the vector as it is found: never above the largest eigenvalue. */
  readonly value: number;
  /** The eigenvector, of length 1. */
  readonly vector: Float32Array;
}

/**
 * The largest eigenvalue of a symmetric A and its vector by power iteration: A is applied `iterations` times to one vector,
 * and of all combinations of what it became on the way the one with the largest ⟨v, A v⟩ is taken (Lanczos 1950). Against the
 * last iterate alone that takes far fewer products, and finds the largest eigenvalue also where a negative one has the larger
 * absolute value, as differences of Hessians have.
 *
 * @param start any vector that is not orthogonal to the eigenvector.
 */
export async function largestEigenvalue(apply: LinearMap, start: Float32Array, iterations: number): Promise<Eigenpair> {
  const basis: Float32Array[] = [];
  const [diagonal, beside]: [number[], number[]] = [[], []];
  let next = scaled(start, 1 / Math.sqrt(dot(start, start)));
  for (let k = 0; k < iterations; k++) {
    const current = next;
    basis.push(current);
    next = await apply(current);
    const along = dot(current, next);
    diagonal.push(along);
    const size = Math.sqrt(dot(next, next));
    // Twice: float32 vectors lose their orthogonality after one pass.
    for (let pass = 0; pass < 2; pass++) for (const b of basis) addScaled(next, b, -dot(b, next));
    const length = Math.sqrt(dot(next, next));
    if (!(length > 1e-6 * size)) break; // The vectors so far span an invariant subspace.
    beside.push(length);
    next = scaled(next, 1 / length);
  }
  const { value, vector } = largestOfTridiagonal(diagonal, beside);
  const found = new Float32Array(start.length);
  for (const [k, b] of basis.entries()) addScaled(found, b, vector[k]!);
  return { value, vector: found };
}

const scaled = (vector: Float32Array, factor: number): Float32Array => vector.map((v) => v * factor);

/**
 * The largest eigenpair of the symmetric tridiagonal matrix with these diagonals: the matrix, made positive definite, is squared until
 * it is the projection onto the eigenvector.
 */
function largestOfTridiagonal(diagonal: readonly number[], beside: readonly number[]) {
  const n = diagonal.length;
  const entry = (i: number, j: number) =>
    i === j ? diagonal[i]! : Math.abs(i - j) === 1 ? beside[Math.min(i, j)]! : 0;
  const rows = Array.from({ length: n }, (_, i) => Float64Array.from({ length: n }, (_, j) => entry(i, j)));
  const bound = Math.max(...rows.map((row) => row.reduce((sum, v) => sum + Math.abs(v), 0)));
  let power = rows.map((row, i) => row.map((v, j) => (bound === 0 ? 0 : v / bound) + (i === j ? 2 : 0)));
  for (let squarings = 0; squarings < 48; squarings++) {
    const square = power.map((row) => row.map((_, j) => row.reduce((sum, v, k) => sum + v * power[k]![j]!, 0)));
    const trace = square.reduce((sum, row, i) => sum + row[i]!, 0);
    power = square.map((row) => row.map((v) => v / trace));
  }
  const norm = (v: Float64Array) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
  const column = power.reduce((best, row) => (norm(row) > norm(best) ? row : best));
  const vector = column.map((v) => v / norm(column));
  const value = vector.reduce((sum, v, i) => sum + v * rows[i]!.reduce((s, r, j) => s + r * vector[j]!, 0), 0);
  return { value, vector };
}
