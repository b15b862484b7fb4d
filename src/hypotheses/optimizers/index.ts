export { type AdamOptions, adam, adamw } from "./adam.ts";
export type { Optimizer, OptimizerState, TracedOptimizerState } from "./optimizer.ts";
export { type Schedule, type ScheduleName, schedules } from "./schedules.ts";
export { type SgdOptions, sgd } from "./sgd.ts";
