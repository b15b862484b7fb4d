import { numpy as np } from "@jax-js/jax";
import { compile } from "../engine/compile.ts";
import { size, Tensor } from "../engine/tensor.ts";
import type { Dataset, Zca } from "./dataset.ts";
import { standardise } from "./normalise.ts";
import { symmetricEigen } from "./symmetricEigen.ts";

/** Share of the mean eigenvalue added to each: the value KIP, FRePo, RCIG and RaT-BPTT use. */
export const zcaRegularisation = 0.1;

/** Images in one product; the last, shorter chunk is padded with zero rows. */
const chunk = 1000;

const gram = compile((x: np.Array) => np.matmul(np.transpose(x.ref), x), { name: "zca-gram" });
const scaledGram = compile((u: np.Array, scale: np.Array) => np.matmul(np.transpose(u.ref.mul(scale)), u), {
  name: "zca-root",
});
const project = compile((x: np.Array, mean: np.Array, matrix: np.Array) => np.matmul(x.sub(mean), matrix), {
  name: "zca-whiten",
});

/**
 * Fits regularised ZCA whitening on the training split, after its per-channel normalisation:
 *
 *     C = cov(x) + ε · (tr cov(x) / d) · I,   W = C^(−1/2),   W⁻¹ = C^(1/2),   x ↦ W (x − mean)
 *
 * with ε = {@link zcaRegularisation} and d = channels · height · width. Covariance with divisor n, summed in float64 over
 * chunks; eigenvalues in float64.
 *
 * Source: KIP (Nguyen et al. 2021), as FRePo (Zhou et al. 2022) applies it; not kornia's, which adds ε to every eigenvalue.
 *
 * Cost: for d = 3072 two or three minutes, nearly all of it the eigenvectors; seconds for d = 784.
 */
export async function fitZca(dataset: Dataset, epsilon = zcaRegularisation): Promise<Zca> {
  const d = size(dataset.shape);
  const plain = { ...dataset, normalisation: { ...dataset.normalisation, zca: undefined } };
  const n = dataset.train.labels.length;
  const mean = trainMean(plain, n, d);
  const covariance = await covarianceOf(plain, mean, n, d);
  let trace = 0;
  for (let i = 0; i < d; i++) trace += covariance[i * d + i]!;
  const ridge = (epsilon * trace) / d;
  const { values, vectors } = await symmetricEigen(covariance, d);
  const floor = Number.EPSILON * trace + Number.MIN_VALUE;
  const basis = new Tensor(Float32Array.from(vectors), [d, d], "float32");
  const root = async (power: number) => {
    const scale = Float32Array.from(values, (v) => (Math.max(v, 0) + ridge + floor) ** power);
    return (await scaledGram(basis, new Tensor(scale, [d, 1], "float32"))).data as Float32Array;
  };
  const zca = { dimension: d, mean, whiten: await root(-0.5), unwhiten: await root(0.5) };
  scaledGram.dispose();
  gram.dispose();
  return zca;
}

/** x ↦ W (x − mean) as one compiled product. */
export async function whitenCompiled(rows: Tensor, { dimension: d, mean, whiten }: Zca): Promise<Tensor> {
  return project(rows, new Tensor(mean, [1, d], "float32"), new Tensor(whiten, [d, d], "float32"));
}

function trainMean(dataset: Dataset, n: number, d: number): Float32Array {
  const sums = new Float64Array(d);
  for (let start = 0; start < n; start += chunk) {
    const { data } = standardise(dataset, "train", range(start, Math.min(n, start + chunk)));
    for (let at = 0; at < data.length; at += d) for (let i = 0; i < d; i++) sums[i] = sums[i]! + data[at + i]!;
  }
  return Float32Array.from(sums, (s) => s / n);
}

async function covarianceOf(dataset: Dataset, mean: Float32Array, n: number, d: number): Promise<Float64Array> {
  const rows = Math.min(chunk, n);
  const sums = new Float64Array(d * d);
  for (let start = 0; start < n; start += rows) {
    const centred = new Float32Array(rows * d);
    const { data } = standardise(dataset, "train", range(start, Math.min(n, start + rows)));
    for (let at = 0; at < data.length; at += d) for (let i = 0; i < d; i++) centred[at + i] = data[at + i]! - mean[i]!;
    const part = (await gram(new Tensor(centred, [rows, d], "float32"))).data;
    for (let i = 0; i < sums.length; i++) sums[i] = sums[i]! + part[i]! / n;
  }
  return sums;
}

const range = (start: number, end: number) => Uint32Array.from({ length: end - start }, (_, i) => start + i);
