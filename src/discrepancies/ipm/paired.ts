import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { work } from "../../engine/index.ts";
import type { Discrepancy } from "../discrepancy.ts";
import { overLeaves, traced } from "../traced.ts";

/** The mean over rows and entries of (a − b)², row i with row i, as far as both sides go. Consumes both. */
function pairedSquares(synthetic: Traced, real: Traced): Traced {
  const n = Math.min(synthetic.shape[0]!, real.shape[0]!);
  const first = (rows: Traced) => (rows.shape[0] === n ? rows : rows.slice([0, n]));
  return np.mean(np.square(first(synthetic).sub(first(real))));
}

/**
 * Squared differences of rows in pairs (Wang et al. 2025): a generated image of a class with a real one of the class, as they come. Unlike
 * a difference of means it is not zero where both are drawn from one distribution: it holds what is generated near to its class's middle.
 */
export const paired = {
  title: "Difference of rows in pairs",
  formula: "E ‖x_i − x′_i‖² / k, pairs of a class",
  reference: "§5.1.4, distribution matching (IPM)",
  citation: work(
    "K. Wang, J. Gu, H. Zhang, D. Zhou, Z. Zhu, W. Jiang and Y. You",
    2025,
    "DiM: Distilling Dataset into Generative Model",
    "ECCV",
  ),
  options: {},
  traced: traced({ compares: ["rows"], options: {}, make: () => ({ between: overLeaves(pairedSquares) }) }),
  unmeasured: "which row of one set goes with which of the other is not known of two sets",
} satisfies Discrepancy;
