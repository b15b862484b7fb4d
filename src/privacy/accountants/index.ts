export { type Calibrated, type Planned, sigmaFor } from "./calibrate.ts";
export { epsilonOf, type Spent } from "./epsilon.ts";
export { gaussianDelta, gaussianEpsilon, gaussianSigma, joinedSigma } from "./gaussian.ts";
export { groupEpsilon } from "./groups.ts";
export type { Bounds } from "./lossDistribution.ts";
export { checkDelta, checkReleases, type Relation, type Releases } from "./release.ts";
export { renyiDivergence, renyiEpsilon } from "./renyi.ts";
