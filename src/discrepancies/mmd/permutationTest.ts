import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { type RandomKey, Tensor } from "../../engine/index.ts";
import { forEachTile, type Kernel } from "../../hypotheses/kernels/index.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import { checkMeasures } from "../measures/index.ts";
import { pairOf } from "./points.ts";

export interface PermutationTest {
  /** Biased MMD² of the two sets. */
  readonly statistic: number;
  /** (1 + relabellings with a statistic at least as large) / (1 + relabellings). */
  readonly pValue: number;
  readonly permutations: number;
}

/**
 * Permutation test of the hypothesis that two sets were drawn from one distribution (Gretton et al. 2012): MMD² of the sets
 * beside that of random relabellings of their union. The level is exact for any sample size. All relabellings share one pass over
 * the kernel matrix of the union, in blocks: MMD² = zᵀKz with z = 1/n on the one side and −1/m on the other.
 *
 * @throws AttarError "bad-measure" for sets that cannot be compared or whose points are weighted.
 */
export async function mmdPermutationTest(
  kernel: Kernel,
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  options: { readonly key: RandomKey; readonly permutations?: number; readonly signal?: AbortSignal },
): Promise<PermutationTest> {
  checkMeasures(a, b);
  const pair = pairOf(a, b, { points: 2, uniform: true, why: "a permutation test" });
  const permutations = options.permutations ?? 500;
  const [n, m] = [pair.a.weights.length, pair.b.weights.length];
  const total = n + m;
  const points = new Float32Array(pair.a.points.data.length + pair.b.points.data.length);
  points.set(pair.a.points.data as Float32Array);
  points.set(pair.b.points.data as Float32Array, pair.a.points.data.length);
  const side = {
    points: new Tensor(points, [total, ...a.points.shape.slice(1)], "float32"),
    weights: signs(n, m, permutations, options.key),
  };
  const statistics = new Float64Array(permutations + 1);
  await forEachTile(
    kernel,
    side,
    side,
    quadraticForms,
    ({ forms }, { start }, { start: column }) => {
      const times = start === column ? 1 : 2;
      for (let p = 0; p <= permutations; p++) statistics[p]! += times * forms!.data[p]!;
    },
    { symmetric: true, signal: options.signal },
  );
  const statistic = statistics[0]!;
  const atLeast = statistics.subarray(1).reduce((count, s) => count + (s >= statistic ? 1 : 0), 0);
  const scale = 1 / (n * m);
  return { statistic: statistic * scale, pValue: (1 + atLeast) / (1 + permutations), permutations };
}

/** √(nm)·z of the sets as they are in column 0, of relabellings in the others. */
function signs(n: number, m: number, permutations: number, key: RandomKey): Tensor {
  const width = permutations + 1;
  const data = new Float32Array((n + m) * width);
  const [first, second] = [Math.sqrt(m / n), -Math.sqrt(n / m)];
  for (let p = 0; p < width; p++) {
    const order = p === 0 ? undefined : key.fold(p).permutation(n + m);
    for (let i = 0; i < n + m; i++) data[(order ? order[i]! : i) * width + p] = i < n ? first : second;
  }
  return new Tensor(data, [n + m, width], "float32");
}

const quadraticForms = {
  name: "quadratic forms",
  reduce(block: Traced, u: Traced, v: Traced) {
    const product = lax.dot(block, v, { lhsContractingDims: [1], rhsContractingDims: [0] });
    return { forms: np.sum(product.mul(u), 0).reshape([1, -1]) };
  },
};
