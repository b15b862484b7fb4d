import { numpy as np } from "@jax-js/jax";
import { integer, work } from "../../engine/index.ts";
import type { Discrepancy } from "../discrepancy.ts";
import { overLeaves, traced } from "../traced.ts";
import { freeSupportBarycentre } from "./barycentre.ts";

/**
 * Distance of the rows of S to the atoms of T's barycentre, the k-th to the k-th (§5.1.4, Liu et al. 2023). The atoms are the
 * set of as many points that is nearest to T in the Wasserstein metric, so that S at distance 0 is as near as can be.
 */
export const barycentreDistance = {
  title: "Distance to the atoms of the Wasserstein barycentre",
  formula: "( Σ_j ‖ s_j − b_j ‖² )^½, b = argmin over atoms of WM_2(T, b)",
  reference: "§5.1.4, Wasserstein distance",
  citation: [
    work(
      "H. Liu, T. Xing, L. Li, V. Dalal, J. He and H. Wang",
      2023,
      "Dataset Distillation via the Wasserstein Metric",
      "arXiv 2311.18531",
    ),
    work("M. Cuturi and A. Doucet", 2014, "Fast Computation of Wasserstein Barycenters", "ICML"),
  ],
  options: {},
  unmeasured:
    "it pairs rows with atoms one by one, in order, and two sets of samples have none; wasserstein measures what it lowers",
  traced: traced({
    compares: ["rows"],
    options: {
      samples: integer(0, 0, undefined, "random images of a class that its barycentre is of; 0 for all"),
      iterations: integer(100, 1, undefined, "updates of the atoms at most"),
    },
    make: ({ samples, iterations }) => ({
      // Rounded off at zero, where the root has no derivative.
      between: overLeaves((synthetic, atoms) => np.sqrt(np.maximum(np.sum(np.square(synthetic.sub(atoms))), 1e-12))),
      target: async (rows, count, key) =>
        (await freeSupportBarycentre(rows, undefined, count, { key, iterations })).atoms,
      ...(samples !== 0 && { targetRows: samples }),
    }),
  }),
} satisfies Discrepancy;
