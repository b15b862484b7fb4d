export {
  type Accuracy,
  coresetAsSet,
  type EvaluateOptions,
  type Evaluation,
  evaluate,
  type NetworkResult,
} from "./evaluate.ts";
export { type Protocol, type ProtocolOptions, protocolFor } from "./protocol.ts";
