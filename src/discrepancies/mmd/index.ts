import type { Discrepancy } from "../discrepancy.ts";
import { mmd, mmdGamma, mmdLaplacian } from "./exponential.ts";
import { mmdRff } from "./fourier.ts";
import { mmdNngp, mmdNtk } from "./infiniteWidth.ts";
import { mmdLinear } from "./linear.ts";
import { mmdNfk } from "./networkFeatures.ts";

/** Maximum mean discrepancy (§2, eq. 1) under every kernel of `src/hypotheses/kernels` that large sets can afford. */
export const mmdDiscrepancies: readonly Discrepancy[] = [
  mmd,
  mmdLaplacian,
  mmdGamma,
  mmdRff,
  mmdNtk,
  mmdNngp,
  mmdNfk,
  mmdLinear,
];

export { linearTimeMmd } from "./linearTime.ts";
export { mmdPermutationTest, type PermutationTest } from "./permutationTest.ts";
export { type QuadraticOptions, quadraticMmd } from "./quadratic.ts";
export { squaredMmd } from "./traced.ts";
