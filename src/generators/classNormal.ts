import { type RandomKey, Tensor } from "../engine/index.ts";
import type { Params, ShapeTable } from "../hypotheses/index.ts";
import { cholesky64 } from "../hypotheses/solvers/cholesky64.ts";

/**
 * The aggregate posterior of every class as a normal distribution: mean and covariance of the codes of its samples. Where the code
 * of a class is no standard normal number, drawing from it is what gives samples of the class.
 */
export const classNormalShapes = (classes: number, m: number): ShapeTable => ({
  prior: { mean: { shape: [classes, m] }, factor: { shape: [classes, m, m] } },
});

/** The standard normal prior of every class: before any code is known. */
export function standardNormals(classes: number, m: number): Params[string] {
  const factor = new Float32Array(classes * m * m);
  for (let c = 0; c < classes; c++) for (let i = 0; i < m; i++) factor[(c * m + i) * m + i] = 1;
  return {
    mean: new Tensor(new Float32Array(classes * m), [classes, m], "float32"),
    factor: new Tensor(factor, [classes, m, m], "float32"),
  };
}

/**
 * Fits mean and Cholesky factor of the covariance of each class, in float64.
 *
 * @param codes [n, m] @param spread added to each variance: that of a code around its mean, so that one sample is a distribution too
 */
export function fitClassNormals(
  { data, shape }: Tensor,
  labels: Int32Array,
  classes: number,
  spread: number,
): Params[string] {
  const m = shape[1]!;
  const mean = new Float64Array(classes * m);
  const counts = new Int32Array(classes);
  for (const [i, c] of labels.entries()) {
    counts[c] = counts[c]! + 1;
    for (let j = 0; j < m; j++) mean[c * m + j] = mean[c * m + j]! + data[i * m + j]!;
  }
  for (let k = 0; k < mean.length; k++) mean[k] = mean[k]! / Math.max(1, counts[Math.floor(k / m)]!);
  const covariance = new Float64Array(classes * m * m);
  for (const [i, c] of labels.entries())
    for (let j = 0; j < m; j++) {
      const gap = data[i * m + j]! - mean[c * m + j]!;
      for (let k = 0; k <= j; k++) {
        const at = (c * m + j) * m + k;
        covariance[at] = covariance[at]! + (gap * (data[i * m + k]! - mean[c * m + k]!)) / counts[c]!;
      }
    }
  const factor = new Float32Array(classes * m * m);
  for (let c = 0; c < classes; c++) {
    const found = cholesky64(covariance.subarray(c * m * m, (c + 1) * m * m), m, spread);
    if (!found) continue;
    for (let j = 0; j < m; j++)
      for (let k = 0; k <= j; k++) factor[(c * m + j) * m + k] = found.lower[j * found.size + k]!;
  }
  return {
    mean: new Tensor(Float32Array.from(mean), [classes, m], "float32"),
    factor: new Tensor(factor, [classes, m, m], "float32"),
  };
}

/** Draws a code of each label's class: mean + factor · ε. @returns [n, m] */
export function drawClassNormals({ mean, factor }: Params[string], labels: Int32Array, key: RandomKey): Tensor {
  const m = mean!.shape[1]!;
  const noise = key.normal(labels.length * m);
  const out = new Float32Array(noise.length);
  for (const [i, c] of labels.entries())
    for (let j = 0; j < m; j++) {
      let value = mean!.data[c * m + j]!;
      for (let k = 0; k <= j; k++) value += factor!.data[(c * m + j) * m + k]! * noise[i * m + k]!;
      out[i * m + j] = value;
    }
  return new Tensor(out, [labels.length, m], "float32");
}
