export { type Advice, type AdviseOptions, adviceChart, advise, type Trial } from "./advise/index.ts";
export {
  type ArtefactSpec,
  type ArtefactStore,
  artefactsOfFiles,
  type GeneratorOrder,
  type GivenFile,
  type Identity,
  inMemory,
  type OpenedGenerator,
  openGenerator,
} from "./artefacts/index.ts";
export { artefactCache, type Cached, type CacheOptions, listCache } from "./artefacts/node/artefactCache.node.ts";
export {
  type ExpertEntry,
  type ExpertsOptions,
  listExperts,
  openExperts,
  trainExperts,
} from "./artefacts/node/experts.node.ts";
export {
  type GeneratorEntry,
  importGeneratorToFolder,
  scanGenerators,
  trainGeneratorToFolder,
} from "./artefacts/node/generators.node.ts";
export {
  type Audit,
  type AuditedSubject,
  type AuditOptions,
  audit,
  type MembershipAttack,
  membershipAttackNamed,
  membershipAttacks,
  type ShadowStore,
} from "./audit/index.ts";
export { shadowFolder } from "./audit/node/shadowFolder.node.ts";
export * from "./condense/index.ts";
export { condenseToFolder, type FolderEvent, type FolderOptions } from "./condense/node/runFolder.node.ts";
export * from "./data/index.ts";
export type {
  Discrepancy,
  EmpiricalMeasure,
  Estimate,
  Measurable,
  MeasureContext,
} from "./discrepancies/discrepancy.ts";
export { discrepancies, measurable, measurableNamed } from "./discrepancies/registry.ts";
export { AttarError, openRuntime, type Runtime, type RuntimeOptions, useRuntime } from "./engine/index.ts";
export * from "./evaluate/index.ts";
export {
  exportTrainable,
  type TrainableFormat,
  type TrainableOptions,
  trainableFormats,
} from "./evaluate/node/exportTrainable.node.ts";
export {
  type Codes,
  type GeneratorSpec,
  generatorRecipe,
  type ImportedGenerator,
  parseGenerator,
  type Quality,
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
export {
  encodeLatent,
  type Measurement,
  type MeasureOptions,
  measure,
  withNoise,
  withPermutedLabels,
} from "./measure/index.ts";
export { bibtexEntry, bibtexText, describe, dm, type Method, methodNamed, methods } from "./methods/index.ts";
export { type Encoder, encodeEncoder, fitAutoencoder, fitPca, parseEncoderFile } from "./views/pushForward/index.ts";
