export { type Advice, type AdviseOptions, adviceChart, advise, type Trial } from "./advise/index.ts";
export {
  type ArtefactStore,
  artefactsOfFiles,
  type GeneratorOrder,
  type GivenFile,
  inMemory,
  type OpenedGenerator,
  openGenerator,
} from "./artefacts/index.ts";
export * from "./condense/index.ts";
export * from "./data/browser.ts";
export { onnxruntimeWeb, type WebOptions } from "./engine/executors/onnxruntimeWeb.ts";
export { AttarError, openRuntime, type Runtime, type RuntimeOptions, useRuntime } from "./engine/index.ts";
export * from "./evaluate/index.ts";
export {
  type GeneratorRecipe,
  type GeneratorSpec,
  generatorRecipe,
  parseGenerator,
  readImported,
} from "./generators/index.ts";
export {
  alexnet,
  convnet,
  lenet,
  mlp,
  type NetworkSpec,
  parseNetwork,
  resnet18,
  vgg11,
} from "./hypotheses/index.ts";
export * from "./measure/index.ts";
export { bibtexEntry, bibtexText, describe, dm, type Method, methodNamed, methods } from "./methods/index.ts";
