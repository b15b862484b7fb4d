import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { TracedParams } from "../../hypotheses/index.ts";
import { type LinearMap, largestEigenvalue } from "../../hypotheses/solvers/index.ts";

/** The direction in which one Hessian exceeds another most, and how the first curves along it. */
export interface CurvatureGap {
  /** The eigenvector, of length 1. */
  readonly vector: Float32Array;
  /** vᵀ H_T v. */
  readonly curvature: number;
}

/**
 * The eigenvector v of the largest eigenvalue of H_T − H_S (§5.3.2), by power iteration on Hessian-vector products of both
 * sides, and vᵀ H_T v.
 *
 * @param start any vector that is not orthogonal to v.
 */
export async function curvatureGap(
  ofReal: LinearMap,
  ofSynthetic: LinearMap,
  start: Float32Array,
  iterations: number,
): Promise<CurvatureGap> {
  const gap: LinearMap = async (v) => {
    const product = await ofReal(v);
    const other = await ofSynthetic(v);
    for (let i = 0; i < product.length; i++) product[i] = product[i]! - other[i]!;
    return product;
  };
  const { vector } = await largestEigenvalue(gap, start, iterations);
  const curved = await ofReal(vector);
  return { vector, curvature: vector.reduce((sum, v, i) => sum + v * curved[i]!, 0) };
}

/**
 * H v in the last layer's weights W alone, where the Hessian of the mean cross-entropy is E[(diag p − p pᵀ) ⊗ z zᵀ]: labels do not
 * enter. Consumes its arguments.
 *
 * @param head v, as the last layer's weight [K, F] and bias [K]. @param z embeddings [n, F]. @param p probabilities [n, K].
 */
export function headHessianProduct(head: TracedParams[string], z: Traced, p: Traced): { head: TracedParams[string] } {
  const n = z.shape[0]!;
  const along = np.matmul(z.ref, head.weight!.transpose()).add(head.bias!);
  const centred = along.ref.sub(np.sum(p.ref.mul(along), 1, { keepdims: true }));
  const c = p.mul(centred).mul(1 / n);
  return { head: { bias: np.sum(c.ref, 0), weight: np.matmul(c.transpose(), z) } };
}
