import { addScaled, dot } from "./parameterVector.ts";

/** A linear map of a vector, compiled somewhere: a Hessian-vector product. Returns new storage. */
export type LinearMap = (vector: Float32Array) => Promise<Float32Array>;

export interface LinearSolution {
  readonly solution: Float32Array;
  /** ‖b − A x‖ / ‖b‖ as the iteration tracks it. */
  readonly residual: number;
  /** Times A was applied. */
  readonly iterations: number;
}

export interface ConjugateGradientOptions {
  /** Most applications of A; 50. */
  readonly iterations?: number;
  /** Relative residual to stop at; 1e-6. */
  readonly tolerance?: number;
}

/**
 * Solves A x = b for a symmetric positive definite A (Hestenes and Stiefel 1952), inner products in float64. Where a
 * direction of no or negative curvature turns up, A is not positive definite: the iterate before it is returned.
 */
export async function conjugateGradient(
  apply: LinearMap,
  b: Float32Array,
  { iterations = 50, tolerance = 1e-6 }: ConjugateGradientOptions = {},
): Promise<LinearSolution> {
  const solution = new Float32Array(b.length);
  const rest = b.slice();
  const direction = b.slice();
  const scale = dot(b, b);
  let square = scale;
  let applied = 0;
  while (applied < iterations && square > tolerance * tolerance * scale) {
    const image = await apply(direction);
    applied++;
    const curvature = dot(direction, image);
    if (!(curvature > 0)) break;
    const length = square / curvature;
    addScaled(solution, direction, length);
    addScaled(rest, image, -length);
    const next = dot(rest, rest);
    const turn = next / square;
    for (let i = 0; i < direction.length; i++) direction[i] = rest[i]! + turn * direction[i]!;
    square = next;
  }
  return { solution, residual: scale === 0 ? 0 : Math.sqrt(square / scale), iterations: applied };
}
