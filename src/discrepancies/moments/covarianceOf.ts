import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { perRuntime, sumOverSamples, Tensor } from "../../engine/index.ts";

type Samples = { points: Traced; weights: Traced };
const sums = perRuntime(() => sumOverSamples(products, { name: "covariance" }));

/** Σ w (x − m)(x − m)ᵀ of points [n, d] about a mean: [d · d], one pass in chunks. Memory is that of the matrix. */
export async function covarianceOf(points: Tensor, weights: Float64Array, mean: Float64Array): Promise<Float64Array> {
  const [n, d] = points.shape as [number, number];
  const unit = new Tensor(
    Float32Array.from(weights, (w) => w * n),
    [n],
    "float32",
  );
  const total = await sums()(new Tensor(Float32Array.from(mean), [d], "float32"), { points, weights: unit }, 256);
  return Float64Array.from(total.data, (v) => v / n);
}

function products(mean: Traced, { points, weights }: Samples): Traced {
  const [n, d] = points.shape as [number, number];
  const centred = points.sub(mean.reshape([1, d]));
  return np.matmul(centred.ref.mul(weights.reshape([n, 1])).transpose(), centred);
}
