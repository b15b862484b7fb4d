import { number } from "../../engine/index.ts";
import { overLeaves, traced } from "../traced.ts";
import { inUnitsOf } from "../wasserstein/ground/unitDistance.ts";
import { softHausdorff } from "./soft.ts";

/**
 * The Hausdorff distance of two sets of rows with soft maxima and minima (§5.1.4), so that every row moves S:
 * max_τ { max_τ,t min_τ,s ‖s − t‖, max_τ,s min_τ,t ‖s − t‖ }, max_τ = τ log Σ exp(·/τ). The temperature
 * is a share of the root mean square distance within T: as it falls to 0 the value becomes d_H and only the
 * farthest row of T has a gradient; as it grows the value becomes a mean distance.
 */
export const tracedHausdorff = traced({
  compares: ["rows"],
  options: { temperature: number(0.5, 1e-4, undefined, "τ, as a share of the root mean square distance within T") },
  make: ({ temperature }) => ({
    between: overLeaves((synthetic, real) => {
      const { x, y, unit } = inUnitsOf(real, synthetic);
      return softHausdorff(x, y, temperature).mul(unit);
    }),
  }),
});
