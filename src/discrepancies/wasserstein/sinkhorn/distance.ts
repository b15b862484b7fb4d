import { numpy as np } from "@jax-js/jax";
import { integer, number } from "../../../engine/index.ts";
import { overLeaves, traced } from "../../traced.ts";
import { inUnitsOf } from "../ground/unitDistance.ts";
import { sinkhornDivergence } from "./traced.ts";

/**
 * The debiased entropic transport cost of two sets of rows under ‖x − y‖² (§5.1.4), S_ε itself. ε is a share of the mean cost
 * within T: one ε serves every layer, width and data set.
 */
export const tracedSinkhorn = traced({
  compares: ["rows"],
  options: {
    epsilon: number(0.05, 1e-4, undefined, "regularisation, as a share of the mean cost within T"),
    iterations: integer(10, 1, undefined, "Sinkhorn iterations after those of ε-scaling"),
  },
  make({ epsilon, iterations }) {
    const options = { epsilon, iterations, from: 2 };
    return {
      between: overLeaves((synthetic, real) => {
        const { x, y, unit } = inUnitsOf(real, synthetic);
        return sinkhornDivergence(x, y, options).mul(np.square(unit));
      }),
    };
  },
});
