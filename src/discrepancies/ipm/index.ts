export { type CriticTraining, criticValues, trainCritic } from "./critic.ts";
export { criticDiscrepancy } from "./criticDiscrepancy.ts";
export { meanFeatures } from "./meanFeatures.ts";
export { ipmDiscrepancies } from "./records.ts";
