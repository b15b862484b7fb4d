/** x over its length, in float64. */
function unit(x: Float64Array): Float64Array {
  let sum = 0;
  for (const v of x) sum += v * v;
  const length = Math.max(Math.sqrt(sum), 1e-12);
  return x.map((v) => v / length);
}

/** Wᵀu of a matrix [rows, …]. */
function across(weight: Float32Array, u: ArrayLike<number>, rows: number): Float64Array {
  const columns = weight.length / rows;
  const out = new Float64Array(columns);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c] = out[c]! + u[r]! * weight[r * columns + c]!;
  return out;
}

/** Wv of a matrix [rows, …]. */
function down(weight: Float32Array, v: ArrayLike<number>, rows: number): Float64Array {
  const columns = weight.length / rows;
  const out = new Float64Array(rows);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[r] = out[r]! + weight[r * columns + c]! * v[c]!;
  return out;
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/** σ after one step of the power iteration from a stored u [1, rows], which models take even when nothing is trained: v = Wᵀu / ‖·‖, ‖Wv‖. */
export function sigmaByStep(weight: Float32Array, [u]: readonly Float32Array[], rows: number): number {
  const v = unit(across(weight, u!, rows));
  const y = down(weight, v, rows);
  return dot(unit(y), y);
}

/** σ = uᵀWv of stored u [rows] and v [columns]: PyTorch's spectral normalisation when nothing is trained. */
export const sigmaOfVectors = (weight: Float32Array, [u, v]: readonly Float32Array[], rows: number): number =>
  dot(u!, down(weight, v!, rows));
