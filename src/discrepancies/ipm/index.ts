import { meanDifference } from "./meanDifference.ts";
import { paired } from "./paired.ts";
import { ipm, ipmCritic } from "./records.ts";

/** Integral probability metrics (§2), by name. */
export const ipmDiscrepancies = { ipm, "ipm-critic": ipmCritic, "mean-difference": meanDifference, paired };

export { type CriticTraining, criticValues, trainCritic } from "./critic.ts";
export { criticDiscrepancy } from "./criticDiscrepancy.ts";
export { squaredMeanDifference } from "./meanDifference.ts";
export { meanFeatures } from "./meanFeatures.ts";
