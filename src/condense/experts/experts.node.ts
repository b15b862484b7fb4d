export { type CachedExpertsOptions, cachedExperts } from "./cachedExperts.node.ts";
export type { ExpertConfiguration } from "./expertFile.node.ts";
export { type ExpertEntry, listExperts, openExperts } from "./expertFolder.node.ts";
export { type ExpertsOptions, trainExperts } from "./trainExperts.node.ts";
