export { type Covering, type CoveringOptions, fewestCentres, minimumCovering } from "./covering.ts";
export { type Directed, directedHausdorff, type HausdorffOptions, hausdorffDistance } from "./directed.ts";
export { hausdorffDiscrepancies } from "./records.ts";
export { softHausdorff } from "./soft.ts";
