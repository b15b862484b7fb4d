export { centralMoments, covariance } from "./centralMoments.ts";
export { covarianceOf } from "./covarianceOf.ts";
export { momentsOf } from "./momentsOf.ts";
export { momentDiscrepancies } from "./records.ts";
export { squaredMomentDifference } from "./squaredMomentDifference.ts";
