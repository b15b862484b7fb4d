import { mmd, mmdGamma, mmdLaplacian } from "./gammaExponential.ts";
import { mmdNngp, mmdNtk } from "./infiniteWidth.ts";
import { mmdLinear } from "./linearTime.ts";
import { mmdNfk } from "./nfk.ts";
import { mmdPolynomial } from "./polynomial.ts";
import { mmdRff } from "./rff.ts";

/** Maximum mean discrepancy (§2, eq. 1) under every kernel of `src/hypotheses/kernels` that large sets can afford, by name. */
export const mmdDiscrepancies = {
  mmd,
  "mmd-laplacian": mmdLaplacian,
  "mmd-gamma": mmdGamma,
  "mmd-rff": mmdRff,
  "mmd-ntk": mmdNtk,
  "mmd-nngp": mmdNngp,
  "mmd-nfk": mmdNfk,
  "mmd-linear": mmdLinear,
  "mmd-polynomial": mmdPolynomial,
};

export { linearTimeMmd } from "./linearTime.ts";
export { mmdPermutationTest, type PermutationTest } from "./permutationTest.ts";
export { type QuadraticOptions, quadraticMmd } from "./quadratic.ts";
