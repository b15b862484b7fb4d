/** The entry `attar/discrepancies`: every distance of the theory, measured or traced, and the bounds between them. */
export * from "./characteristic/index.ts";
export * from "./criterion/index.ts";
export {
  type Discrepancy,
  type EmpiricalMeasure,
  type Estimate,
  type Measurable,
  type MeasureContext,
  type MeasuredFace,
  measured,
} from "./discrepancy.ts";
export type { Formula } from "./formula.ts";
export * from "./generalization/index.ts";
export * from "./gradient/index.ts";
export * from "./hausdorff/index.ts";
export * from "./hierarchy/index.ts";
export * from "./ipm/index.ts";
export * from "./mmd/index.ts";
export * from "./moments/index.ts";
export { discrepancies, distanceNamed, measurable, measurableNamed, measurables } from "./registry.ts";
export { type Compared, type Comparison, type Distance, overLeaves, type TracedFace, traced } from "./traced.ts";
export * from "./wasserstein/index.ts";
