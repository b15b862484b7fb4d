import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { AttarError, compile, mapSamples, perRuntime, type RandomKey, size, Tensor } from "../../engine/index.ts";
import type { Params, TracedParams } from "../../hypotheses/index.ts";
import { checkCodes, checkImages, type Encoder, type FittingSet, shapeOf } from "./encoder.ts";
import { symmetricEigen } from "./symmetricEigen.ts";

/** Directions beyond those wanted, which make the wanted ones converge faster. */
const oversampled = 12;
/** Rows in one product. */
const blockRows = 2000;
const mostRounds = 40;

/** Samples are shared out in blocks of as many numbers, whose products are large and stay in a core's cache. */
const inBlocks = { floats: 32 * 1024 };

const project = perRuntime(() =>
  mapSamples(
    ({ pca }: TracedParams, x: Traced) => np.matmul(flat(x).sub(pca!.mean!), np.transpose(pca!.components!)),
    "projection on principal components",
    inBlocks,
  ),
);
const expand = perRuntime(() =>
  mapSamples(
    ({ pca }: TracedParams, z: Traced) => np.matmul(z, pca!.components!).add(pca!.mean!),
    "sum of principal components",
    inBlocks,
  ),
);

const flat = (x: Traced) => x.reshape([x.shape[0]!, size(x.shape.slice(1))]);

/**
 * Principal components: g_e(x) = V (x − m), g_d(z) = Vᵀz + m with the `dimension` orthonormal rows V of largest variance.
 * Subspace iteration with a Rayleigh–Ritz step (Halko, Martinsson and Tropp 2011): products with the data run in the
 * engine, orthogonalisation on the host in float64.
 *
 * @throws AttarError "bad-encoder" where the set has fewer samples or pixels than components wanted
 */
export async function fitPca(set: FittingSet, dimension: number, key: RandomKey): Promise<Encoder> {
  const input = shapeOf(set);
  const d = size(input);
  const n = set.images.shape[0]!;
  const most = Math.min(d, n - 1);
  if (dimension > most)
    throw new AttarError(
      "bad-encoder",
      `pca:${dimension} wants more components than ${n} images of ${d} values determine`,
      `use pca:${most} or less`,
    );
  const points = set.images.reshape([n, d]);
  const { mean, variance } = moments(points.data as Float32Array, d);
  const k = Math.min(d, dimension + oversampled);
  let basis = orthonormal(Float64Array.from(key.normal(k * d)), k, d);
  let values = new Float64Array(k);
  for (let round = 0; round < mostRounds; round++) {
    const image = await covarianceTimes(points, mean, basis, k);
    const small = new Float64Array(k * k);
    for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) small[i * k + j] = dot(basis, i, image, j, d);
    const ritz = symmetricEigen(symmetrised(small, k), k);
    const change = Math.abs(ritz.values[dimension - 1]! - values[dimension - 1]!);
    values = ritz.values as Float64Array<ArrayBuffer>;
    const next = combined(ritz.vectors, image, k, d);
    if (round > 0 && change <= 1e-5 * values[dimension - 1]!) {
      basis = combined(ritz.vectors, basis, k, d);
      break;
    }
    basis = orthonormal(next, k, d);
  }
  const explained = values.subarray(0, dimension).reduce((a, b) => a + b, 0) / variance;
  const components = Float32Array.from(basis.subarray(0, dimension * d));
  const description = `${dimension} principal components of ${set.name}, ${(100 * explained).toFixed(1)} % of its variance`;
  return pcaEncoder(components, Float32Array.from(mean), input, description);
}

/** The encoder of given orthonormal components [m, d] about a mean [d]. */
export function pcaEncoder(
  components: Float32Array,
  mean: Float32Array,
  input: readonly [number, number, number],
  description: string,
): Encoder {
  const d = size(input);
  const dimension = components.length / d;
  const name = `pca:${dimension}`;
  const params: Params = {
    pca: {
      components: new Tensor(components, [dimension, d], "float32"),
      mean: new Tensor(mean, [1, d], "float32"),
    },
  };
  return {
    name,
    description,
    input,
    dimension,
    async encode(images) {
      checkImages(this, images);
      return project()(params, images);
    },
    async decode(codes) {
      checkCodes({ name, dimension }, codes);
      return (await expand()(params, codes)).reshape([codes.shape[0]!, ...input]);
    },
    saved: {
      tensors: { components: { shape: [dimension, d], data: components }, mean: { shape: [d], data: mean } },
      metadata: { kind: "pca", input: JSON.stringify(input), description },
    },
  };
}

function moments(points: Float32Array, d: number): { mean: Float64Array; variance: number } {
  const n = points.length / d;
  const mean = new Float64Array(d);
  for (let at = 0; at < points.length; at += d) for (let i = 0; i < d; i++) mean[i]! += points[at + i]! / n;
  let variance = 0;
  for (let at = 0; at < points.length; at += d)
    for (let i = 0; i < d; i++) variance += (points[at + i]! - mean[i]!) ** 2 / n;
  return { mean, variance };
}

const gram = perRuntime(() =>
  compile(
    (x: Traced, mean: Traced, basis: Traced): Traced => {
      const centred = x.sub(mean);
      const scores = lax.dot(basis, centred.ref, { lhsContractingDims: [1], rhsContractingDims: [1] });
      return np.matmul(scores, centred);
    },
    { name: "covariance times a basis" },
  ),
);

/** Rows of `basis` [k, d] times the covariance (divisor n) of the points. */
async function covarianceTimes(points: Tensor, mean: Float64Array, basis: Float64Array, k: number) {
  const [n, d] = points.shape as [number, number];
  const sums = new Float64Array(k * d);
  const centre = new Tensor(Float32Array.from(mean), [1, d], "float32");
  const rows = new Tensor(Float32Array.from(basis), [k, d], "float32");
  for (let at = 0; at < n; at += blockRows) {
    const { data } = await gram()(points.rows(at, Math.min(n, at + blockRows)), centre, rows);
    for (let i = 0; i < sums.length; i++) sums[i]! += data[i]! / n;
  }
  return sums;
}

const symmetrised = (a: Float64Array, n: number) =>
  Float64Array.from(a, (x, at) => (x + a[(at % n) * n + Math.floor(at / n)]!) / 2);

function dot(a: Float64Array, i: number, b: Float64Array, j: number, d: number): number {
  let sum = 0;
  for (let t = 0; t < d; t++) sum += a[i * d + t]! * b[j * d + t]!;
  return sum;
}

/** Rows Σ_j weights[i, j] rows_j. */
function combined(weights: Float64Array, rows: Float64Array, k: number, d: number): Float64Array {
  const out = new Float64Array(k * d);
  for (let i = 0; i < k; i++)
    for (let j = 0; j < k; j++) {
      const w = weights[i * k + j]!;
      for (let t = 0; t < d; t++) out[i * d + t]! += w * rows[j * d + t]!;
    }
  return out;
}

/** Orthonormal rows of the same span: Gram–Schmidt twice. A row in the span of those before it becomes zero. */
function orthonormal(rows: Float64Array, k: number, d: number): Float64Array {
  for (let i = 0; i < k; i++) {
    const before = Math.sqrt(dot(rows, i, rows, i, d));
    for (let pass = 0; pass < 2; pass++)
      for (let j = 0; j < i; j++) {
        const along = dot(rows, i, rows, j, d);
        for (let t = 0; t < d; t++) rows[i * d + t]! -= along * rows[j * d + t]!;
      }
    const after = Math.sqrt(dot(rows, i, rows, i, d));
    const scale = after > 1e-12 * before ? 1 / after : 0;
    for (let t = 0; t < d; t++) rows[i * d + t]! *= scale;
  }
  return rows;
}
