export { type SampleSum, sumOverSamples } from "./accumulate.ts";
export { type Citation, type Citations, type Cited, work } from "./citation.ts";
export { type Compiled, type CompileOptions, compile, type Hosted } from "./compile.ts";
export { AttarError, nearest } from "./errors.ts";
export type { Executor, Program, Traceable } from "./executors/executor.ts";
export { type OnnxBackend, type OnnxSession, onnxExecutor } from "./executors/onnx.ts";
export { oracle } from "./executors/oracle.ts";
export { givenDerivatives, type PartialDerivative } from "./givenDerivatives.ts";
export { type GroupMap, mapGroups } from "./mapGroups.ts";
export { mapSamples, type SampleMap } from "./mapSamples.ts";
export { mapSummedGroups, type SummedGroupMap, worthSummingByGroup } from "./mapSummedGroups.ts";
export { multiplyAdds } from "./multiplyAdds.ts";
export {
  choice,
  citationsOfOptions,
  flag,
  integer,
  type NumberRule,
  number,
  type OptionRule,
  type OptionRules,
  type OptionValue,
  type OptionValues,
  optionTakes,
  type Resolved,
  resolveOptions,
  text,
  unsaid,
} from "./options.ts";
export { type OptionSchema, type OptionsSchema, optionRows, optionsSchema } from "./optionTables.ts";
export { Pace, turn } from "./pace.ts";
export { partText, readPartText } from "./partText.ts";
export { RandomKey, randomKey, threefry2x32 } from "./random.ts";
export { type Declared, type Registry, type RegistryWords, registry, unknownName } from "./registry.ts";
export { resultShapes } from "./resultShapes.ts";
export {
  currentRuntime,
  defaultRuntime,
  type Live,
  openRuntime,
  perRuntime,
  Runtime,
  type RuntimeOptions,
  useRuntime,
} from "./runtime.ts";
export { checkServing, type DomainKind, optionsForValues, type Serving, samplesCalled, serves } from "./serving.ts";
export type { Stateful, Tensors } from "./stateful.ts";
export { summedInParts } from "./summedInParts.ts";
export { type Parted, type SumsAndRows, samplesAtATime, sumsAndRows } from "./sumsAndRows.ts";
export { allocate, type DType, size, Tensor, type TensorData, tensor, zeros } from "./tensor.ts";
export {
  alongTangent,
  flatten,
  gradientOf,
  gradientsOf,
  gradientWith,
  leavesOf,
  mapTree,
  referenced,
  released,
  type Structure,
  unflatten,
  valueAndGradient,
  valueAndGradients,
  withPullback,
  zipTrees,
} from "./typed.ts";
