export {
  type CodePart,
  type Codes,
  declareGenerator,
  type Generator,
  type GeneratorGround,
  type GeneratorKind,
  type GeneratorSpec,
  type GeneratorTraining,
  type TracedCodes,
} from "./generator.ts";
export { generatorGround } from "./ground.ts";
export { type HostedGenerator, hostedGenerator, readLayers } from "./hosted.ts";
export { type Quality, type QualitySets, qualityOf } from "./quality/quality.ts";
export {
  type GeneratorName,
  generatorNamed,
  generatorRegistry,
  generatorSpec,
  generators,
  generatorText,
  makeGenerator,
  parseGenerator,
} from "./registry.ts";
export {
  type GeneratorProgress,
  type GeneratorRecipe,
  type GeneratorSamples,
  generatorRecipe,
  trainGenerator,
} from "./train.ts";
