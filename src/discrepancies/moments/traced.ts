import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { number } from "../../engine/index.ts";
import { squaredMeanDifference } from "../ipm/meanDifference.ts";
import { type Tree, traced } from "../traced.ts";

/** Names of what is averaged beside a value x: its square. */
const squareOf = (name: string) => `${name}²`;

/**
 * The square to order 2, the variances weighted by α (Yu et al. 2024): ‖ mean(S) − mean(T) ‖² + α ‖ Var(S) − Var(T) ‖², both read
 * off the means of x and x².
 */
export const tracedMoments = traced({
  compares: ["means"],
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
          return means.add(squaredMeanDifference(a.variance, b.variance).mul(variance));
        })
        .reduce((sum, part) => sum.add(part)),
  }),
});

function moments(means: Tree, name: string): { mean: Traced; variance: Traced } {
  const mean = means[name] as Traced;
  return { mean: mean.ref, variance: (means[squareOf(name)] as Traced).sub(np.square(mean)) };
}
