/** A logistic regression: ln(p / (1 − p)) = w·x + b, of features less their means over their deviations. */
export interface Logistic {
  readonly weights: Float64Array;
  readonly bias: number;
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

const steps = 50;
/** The largest slope of the loss at which a fit is at its minimum. */
const flat = 1e-10;

/**
 * Fits Σ ln(1 + e^{−s(w·x + b)}) + ½‖w‖² by Newton's method with halved steps, s = ±1; the loss is convex and has one minimum.
 *
 * @param rows [n, d]
 * @param positive 1 or 0 of each row
 */
export function fitLogistic(rows: Float64Array, positive: Uint8Array, d: number): Logistic {
  const n = positive.length;
  const { mean, deviation } = moments(rows, n, d);
  const x = Float64Array.from(rows, (v, k) => (v - mean[k % d]!) / deviation[k % d]!);
  let w = new Float64Array(d + 1);
  let now = lossAt(x, positive, d, w);
  for (let step = 0; step < steps; step++) {
    const { slope, curvature } = derivatives(x, positive, d, w);
    if (slope.every((v) => Math.abs(v) < flat)) break;
    const way = solved(curvature, slope);
    let [rate, next, then] = [1, w, now];
    do {
      next = w.map((v, k) => v - rate * way[k]!);
      then = lossAt(x, positive, d, next);
      rate /= 2;
    } while (then > now && rate > 1e-9);
    if (!(then <= now)) break;
    [w, now] = [next, then];
  }
  return { weights: w.slice(0, d), bias: w[d]!, mean, deviation };
}

/** ln(p / (1 − p)) of one row. */
export function logitOf({ weights, bias, mean, deviation }: Logistic, row: ArrayLike<number>): number {
  let out = bias;
  for (const [k, w] of weights.entries()) out += (w * (row[k]! - mean[k]!)) / deviation[k]!;
  return out;
}

/** Means and deviations of features; of one that never varies, 1. */
function moments(rows: Float64Array, n: number, d: number) {
  const [mean, deviation] = [new Float64Array(d), new Float64Array(d)];
  for (const [k, v] of rows.entries()) mean[k % d]! += v / n;
  for (const [k, v] of rows.entries()) deviation[k % d]! += (v - mean[k % d]!) ** 2 / n;
  return { mean, deviation: deviation.map((v) => (v > 0 ? Math.sqrt(v) : 1)) };
}

const logitAt = (x: Float64Array, i: number, d: number, w: Float64Array): number => {
  let z = w[d]!;
  for (let k = 0; k < d; k++) z += w[k]! * x[i * d + k]!;
  return z;
};

function lossAt(x: Float64Array, positive: Uint8Array, d: number, w: Float64Array): number {
  let out = 0;
  for (let k = 0; k < d; k++) out += w[k]! ** 2 / 2;
  for (const [i, one] of positive.entries()) {
    const z = (one === 1 ? -1 : 1) * logitAt(x, i, d, w);
    out += Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z)));
  }
  return out;
}

/** Slope and curvature of the loss; the bias, the last, is not held near 0. */
function derivatives(x: Float64Array, positive: Uint8Array, d: number, w: Float64Array) {
  const m = d + 1;
  const slope = Float64Array.from(w, (v, k) => (k < d ? v : 0));
  const curvature = Array.from({ length: m }, (_, k) =>
    Float64Array.from({ length: m }, (_, l) => (k === l && k < d ? 1 : 0)),
  );
  const own = new Float64Array(m).fill(1);
  for (const [i, one] of positive.entries()) {
    for (let k = 0; k < d; k++) own[k] = x[i * d + k]!;
    const p = 1 / (1 + Math.exp(-logitAt(x, i, d, w)));
    const spread = Math.max(p * (1 - p), 1e-12);
    for (let k = 0; k < m; k++) {
      slope[k]! += (p - one) * own[k]!;
      const line = curvature[k]!;
      for (let l = 0; l <= k; l++) line[l]! += spread * own[k]! * own[l]!;
    }
  }
  return { slope, curvature };
}

/** The solution of a positive definite system by Cholesky's factors; of the matrix the lower triangle is read. */
function solved(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const m = right.length;
  const factor = matrix.map((line) => line.slice());
  const out = right.slice();
  for (let k = 0; k < m; k++) {
    for (let l = 0; l <= k; l++) {
      let sum = factor[k]![l]!;
      for (let j = 0; j < l; j++) sum -= factor[k]![j]! * factor[l]![j]!;
      factor[k]![l] = l === k ? Math.sqrt(sum) : sum / factor[l]![l]!;
    }
    for (let j = 0; j < k; j++) out[k]! -= factor[k]![j]! * out[j]!;
    out[k]! /= factor[k]![k]!;
  }
  for (let k = m - 1; k >= 0; k--) {
    for (let j = k + 1; j < m; j++) out[k]! -= factor[j]![k]! * out[j]!;
    out[k]! /= factor[k]![k]!;
  }
  return out;
}
