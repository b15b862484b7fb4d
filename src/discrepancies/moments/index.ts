import { channelStatistics } from "./channelStatistics.ts";
import { moments } from "./records.ts";

/** Distances of moments (§5.1.4), by name. */
export const momentDiscrepancies = { moments, "channel-statistics": channelStatistics };

export { covarianceOf } from "./covarianceOf.ts";
export { momentsOf } from "./momentsOf.ts";
