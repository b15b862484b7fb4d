import { Tensor } from "../../engine/index.ts";

/** A B in float64: [n, m] times [m, k], row-major. */
export function product(a: Tensor, b: Tensor): Float64Array {
  const [n, m] = a.shape as [number, number];
  const k = b.shape[1]!;
  const out = new Float64Array(n * k);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      const factor = a.data[i * m + j]!;
      for (let c = 0; c < k; c++) out[i * k + c] = out[i * k + c]! + factor * b.data[j * k + c]!;
    }
  return out;
}

/** Aᵀ B in float64: [n, m] and [n, k] to [m, k]. */
export function transposedProduct(a: Tensor, b: ArrayLike<number>): Float64Array {
  const [n, m] = a.shape as [number, number];
  const k = b.length / n;
  const out = new Float64Array(m * k);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      const factor = a.data[i * m + j]!;
      for (let c = 0; c < k; c++) out[j * k + c] = out[j * k + c]! + factor * b[i * k + c]!;
    }
  return out;
}

/** Aᵀ, a copy. */
export function transposed(a: Tensor): Tensor {
  const [n, m] = a.shape as [number, number];
  const out = new Float32Array(n * m);
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) out[j * n + i] = a.data[i * m + j]!;
  return new Tensor(out, [m, n], "float32");
}
