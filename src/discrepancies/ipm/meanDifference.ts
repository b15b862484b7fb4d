import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { choice } from "../../engine/index.ts";
import { type Discrepancy, measured } from "../discrepancy.ts";
import { asRows, weightsOf } from "../measures/index.ts";
import { momentsOf } from "../moments/momentsOf.ts";
import { overLeaves, traced } from "../traced.ts";

/** D(a, b) = ‖a − b‖², summed over all entries, no division by dimension (§5.1.4, distribution matching). */
export function squaredMeanDifference(a: Traced, b: Traced): Traced {
  const d = a.sub(b);
  return np.sum(d.ref.mul(d));
}

/** D(a, b) = ‖a − b‖₁, summed over all entries. */
function absoluteMeanDifference(a: Traced, b: Traced): Traced {
  return np.sum(np.absolute(a.sub(b)));
}

const options = { norm: choice("squared", ["squared", "l1"], "squared, or absolute differences") };

/** The distance of two means (§5.1.4), of points or of what a view yields. */
export const meanDifference = {
  title: "Difference of means",
  formula: "‖E_μ₁ x − E_μ₂ x‖² or ‖E_μ₁ x − E_μ₂ x‖₁",
  reference: "§5.1.4, distribution matching (IPM)",
  options,
  traced: traced(
    {
      compares: ["means", "gradients"],
      options: {},
      make: ({ norm }) => ({ between: overLeaves(norm === "l1" ? absoluteMeanDifference : squaredMeanDifference) }),
    },
    options,
  ),
  measured: measured(
    {
      labelAware: false,
      needsImages: false,
      options: {},
      async measure(a, b, { norm }) {
        const [x, y] = [a, b].map((side) => momentsOf(asRows(side), weightsOf(side), 1)[0]!) as [
          Float64Array,
          Float64Array,
        ];
        const value = x.reduce((sum, v, j) => sum + (norm === "l1" ? Math.abs(v - y[j]!) : (v - y[j]!) ** 2), 0);
        return {
          value,
          stderr: 0,
          estimator: `exact: ${norm === "l1" ? "sum of absolute" : "sum of squared"} differences`,
        };
      },
    },
    options,
  ),
} satisfies Discrepancy;
