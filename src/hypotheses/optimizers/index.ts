export { hostAdabelief } from "./adabelief.ts";
export {
  type AdamOptions,
  adam,
  adamw,
  type HostAdamOptions,
  hostAdam,
  type InnerAdamOptions,
  innerAdam,
} from "./adam.ts";
export type { HostOptimizer, HostStep, Stretch } from "./hostOptimizer.ts";
export type { InnerOptimizer, InnerState } from "./innerOptimizer.ts";
export { hostLamb } from "./lamb.ts";
export type { Optimizer, OptimizerState, TracedOptimizerState } from "./optimizer.ts";
export { type Schedule, type ScheduleName, schedules } from "./schedules.ts";
export { coast, hostSgd, innerSgd, type SgdOptions, sgd } from "./sgd.ts";
