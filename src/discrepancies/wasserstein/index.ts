export {
  type Barycentre,
  type BarycentreOptions,
  barycentreOf,
  freeSupportBarycentre,
} from "./barycentre.ts";
export { type DualBound, type DualOptions, wassersteinDual } from "./dual/dual.ts";
export { type WassersteinOptions, wassersteinDistance } from "./exact.ts";
export { euclidean, type GroundMetric, groundMetric } from "./ground/metric.ts";
export type { PointMeasure } from "./ground/weightedPoints.ts";
export { useHighsFrom } from "./highs.ts";
export { type TransportPlan, transportPlan } from "./networkSimplex.ts";
export { transportOnLine } from "./onLine.ts";
export { wassersteinDiscrepancies } from "./records.ts";
export {
  type EntropicTransport,
  entropicTransport,
  type SinkhornOptions,
  sinkhornGradient,
} from "./sinkhorn/divergence.ts";
export { sinkhornDivergence, type TracedSinkhornOptions } from "./sinkhorn/traced.ts";
export { directionsOn, type Sliced, slicedWasserstein } from "./sliced.ts";
