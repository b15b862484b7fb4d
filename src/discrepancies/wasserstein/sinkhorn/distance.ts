import { numpy as np } from "@jax-js/jax";
import { integer, number, work } from "../../../engine/index.ts";
import { type Distance, overLeaves } from "../../distance.ts";
import { inUnitsOf } from "../ground/unitDistance.ts";
import { sinkhornDivergence } from "./traced.ts";

/**
 * The debiased entropic transport cost of two sets of rows under ‖x − y‖² (§5.1.4). ε is a share of the mean cost within
 * T: one ε serves every layer, width and data set.
 */
export const sinkhornDistance: Distance<"rows"> = {
  compares: ["rows"],
  title: "Sinkhorn divergence",
  formula: "S_ε = OT_ε(S, T) − (OT_ε(S, S) + OT_ε(T, T)) / 2, cost ‖x − y‖²",
  reference: "§5.1.4, Wasserstein distance",
  citation: work(
    "J. Feydy, T. Séjourné, F.-X. Vialard, S. Amari, A. Trouvé and G. Peyré",
    2019,
    "Interpolating between Optimal Transport and MMD using Sinkhorn Divergences",
    "AISTATS",
  ),
  options: {
    epsilon: number(0.05, 1e-4, undefined, "regularisation, as a share of the mean cost within T"),
    iterations: integer(10, 1, undefined, "Sinkhorn iterations after those of ε-scaling"),
  },
  make({ epsilon, iterations }) {
    const options = { epsilon: epsilon as number, iterations: iterations as number, from: 2 };
    return {
      between: overLeaves((synthetic, real) => {
        const { x, y, unit } = inUnitsOf(real, synthetic);
        return sinkhornDivergence(x, y, options).mul(np.square(unit));
      }),
    };
  },
};
