export {
  type Continual,
  type ContinualOptions,
  type ContinualScore,
  type ContinualStep,
  continual,
  tasksOf,
} from "./continual.ts";
export { coresetAsSet } from "./coreset.ts";
export { datasetCard, type Made } from "./datasetCard.ts";
export { type Baseline, type EvaluateOptions, type Evaluation, evaluate } from "./evaluate.ts";
export { type Protocol, type ProtocolOptions, protocolFor } from "./protocol.ts";
export {
  isReadingValue,
  parseReading,
  planNamed,
  type Reading as EvaluationReading,
  type ReadingSpec,
  readings,
  readingText,
  type Samples,
  type TrainedNetwork,
  unitOfValue,
} from "./readings/index.ts";
export { parseSampling, type SamplingSpec, samplingRegistry, samplings, samplingText } from "./sampling/index.ts";
export type { NetworkResult, TrainedFor } from "./score.ts";
export type { Score, ScoreStore } from "./scores.ts";
export type { Storage } from "./storage.ts";
export type { Summary as Accuracy } from "./summary.ts";
export { type Training, type TrainingOptions, trainingOf } from "./trainingRecipe.ts";
