/** What `attar/discrepancies` gives a program: every distance of the theory, measured or traced, and the bounds between them. */
export * from "./characteristic/index.ts";
export * from "./criterion/index.ts";
export type { Discrepancy, EmpiricalMeasure, Estimate, MeasureContext, Setting } from "./discrepancy.ts";
export * from "./generalization/index.ts";
export * from "./gradient/index.ts";
export * from "./hausdorff/index.ts";
export * from "./hierarchy/index.ts";
export * from "./ipm/index.ts";
export * from "./mmd/index.ts";
export * from "./moments/index.ts";
export { discrepancies, discrepancyNamed } from "./registry.ts";
export * from "./wasserstein/index.ts";
