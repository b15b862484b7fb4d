import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { number, work } from "../../engine/index.ts";
import type { Distance, Tree } from "../distance.ts";
import { squaredMeanDifference } from "../squaredMeanDifference.ts";

/** Names of what is averaged beside a value x: its square. */
const squareOf = (name: string) => `${name}²`;

/** Means and variances of every value (higher-order moment matching; Yu et al. 2024), both read off the means of x and x². */
export const momentDistance: Distance<"means"> = {
  compares: ["means"],
  title: "squared difference of means and variances",
  formula: "‖ mean view(S) − mean view(T) ‖² + α ‖ Var view(S) − Var view(T) ‖²",
  reference: "§5.1.4, higher-order moment matching (IPM)",
  citation: work(
    "R. Yu, S. Liu, J. Ye and X. Wang",
    2024,
    "Teddy: Efficient Large-Scale Dataset Distillation via Taylor-Approximated Matching",
    "ECCV",
  ),
  options: { variance: number(1, 0, undefined, "α, weight of the variances") },
  make: ({ variance }) => ({
    lift: (values) =>
      Object.fromEntries(
        Object.entries(values).flatMap(([name, x]) => [
          [squareOf(name), np.square(x.ref)],
          [name, x],
        ]),
      ),
    between: (synthetic, real) =>
      Object.keys(synthetic)
        .filter((name) => squareOf(name) in synthetic)
        .map((name) => {
          const [a, b] = [moments(synthetic, name), moments(real, name)];
          const means = squaredMeanDifference(a.mean, b.mean);
          return means.add(squaredMeanDifference(a.variance, b.variance).mul(variance as number));
        })
        .reduce((sum, part) => sum.add(part)),
  }),
};

function moments(means: Tree, name: string): { mean: Traced; variance: Traced } {
  const mean = means[name] as Traced;
  return { mean: mean.ref, variance: (means[squareOf(name)] as Traced).sub(np.square(mean)) };
}
