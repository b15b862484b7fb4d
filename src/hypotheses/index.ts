export * from "./experts/index.ts";
export * from "./kernels/index.ts";
export type { BatchStatistics, Network, NetworkSpec, Params, ShapeTable, TracedParams } from "./network.ts";
export * from "./networks/index.ts";
export * from "./optimizers/index.ts";
export { perNetwork, releaseNetwork } from "./perNetwork.ts";
export * from "./solvers/index.ts";
export * from "./sources/index.ts";
export * from "./training/index.ts";
