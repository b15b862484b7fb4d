export { criticNetwork } from "./adversarial/critic.ts";
export { gradientPenalty, logistic, r1, wasserstein } from "./adversarial/losses.ts";
export { convolutionalCritic, fullyConnectedCritic } from "./bodies/encoders.ts";
export { brought } from "./brought.ts";
export {
  type CodePart,
  type Codes,
  type Denoising,
  declareGenerator,
  type Generator,
  type GeneratorGround,
  type GeneratorKind,
  type GeneratorSpec,
  type TracedCodes,
} from "./generator.ts";
export { generatorGround } from "./ground.ts";
export { type HostedGenerator, hostedGenerator, readLayers } from "./hosted.ts";
export type { ForeignConfig } from "./imports/family.ts";
export { families } from "./imports/index.ts";
export { familyNamed, type ImportedGenerator, readImported } from "./imports/read.ts";
export { type InversionOptions, inverted } from "./inversion.ts";
export { type Quality, type QualitySets, qualityOf } from "./quality/quality.ts";
export {
  type GeneratorName,
  generatorNamed,
  generatorRegistry,
  generatorSpec,
  generators,
  generatorText,
  isGenerator,
  isImported,
  makeGenerator,
  parseGenerator,
  recipeOf,
  trainedSpec,
} from "./registry.ts";
export { trainGenerator } from "./train.ts";
export { type GeneratorRecipe, generatorRecipe } from "./training/recipe.ts";
export type { GeneratorProgress } from "./training/state.ts";
export type { AdversarialTraining, GeneratorSamples, GeneratorTraining, OwnTraining } from "./training/training.ts";
