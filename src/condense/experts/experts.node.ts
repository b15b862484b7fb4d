export { type CachedExpertsOptions, cachedExperts } from "./cachedExperts.node.ts";
export type { ExpertConfiguration } from "./expertContent.ts";
export { type ExpertEntry, type ExpertFolder, listExperts, openExperts, scanExperts } from "./expertFolder.node.ts";
export { type ExpertsOptions, trainExperts } from "./trainExperts.node.ts";
