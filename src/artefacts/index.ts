export {
  type ArtefactKind,
  type ArtefactSpec,
  type ArtefactStore,
  type Body,
  type Identity,
  inMemory,
  type Member,
  type Members,
  type Progress,
  untrained,
} from "./artefact.ts";
export { type EncoderOrder, type EncoderSource, encoder, openEncoder, setChecksum } from "./encoder.ts";
export { type ExpertOrder, experts, openOrder, resolvedOrder } from "./experts.ts";
export {
  type GeneratorOrder,
  generator,
  importedArtefact,
  type OpenedGenerator,
  openGenerator,
  qualityIn,
  resolvedGenerator,
} from "./generator.ts";
export { artefactsOfFiles, type GivenFile } from "./givenFiles.ts";
export { type ArtefactKindName, artefactKinds } from "./registry.ts";
export { openTeachers, resolvedTeachers, type TeacherOrder, teacher } from "./teacher.ts";
