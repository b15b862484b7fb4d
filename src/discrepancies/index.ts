export type { Discrepancy } from "./discrepancy.ts";
export { coveringCentres } from "./hausdorff/selection.ts";
export { squaredMeanDifference } from "./ipm/meanDifference.ts";
export { type DistanceName, type DistancesOf, discrepancies, distanceNamed } from "./registry.ts";
export {
  type CriteriaOf,
  type CriterionKind,
  type CriterionName,
  criteria,
  criterionNamed,
  type OutputsCriterion,
  type ParametersCriterion,
} from "./solved/index.ts";
export { type Compared, type Comparison, type Distance, overLeaves, type Tree, traced } from "./traced.ts";
