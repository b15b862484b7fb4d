export { coresetAsSet } from "./coreset.ts";
export {
  type Accuracy,
  type Baseline,
  type EvaluateOptions,
  type Evaluation,
  evaluate,
  type NetworkResult,
} from "./evaluate.ts";
export { type Protocol, type ProtocolOptions, protocolFor } from "./protocol.ts";
export type { Score, ScoreStore } from "./scores.ts";
