export { type Basis, type Bound, bound } from "./bound.ts";
export {
  characteristicBounds,
  type GramMatrix,
  mmdBound,
  type TestFunction,
  type Wasserstein1,
  wassersteinBound,
} from "./distributionBounds.ts";
export { type HierarchyOptions, hierarchy } from "./hierarchy.ts";
export { crossEntropyLipschitz, functionSlope, heldOutParameterSlope, parameterSlope } from "./lipschitz.ts";
export { boundedFunctionsIpm } from "./totalVariation.ts";
export { trainedBounds } from "./trainedBounds.ts";
