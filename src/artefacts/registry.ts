import { registry } from "../engine/index.ts";
import { encoder } from "./encoder.ts";
import { experts } from "./experts.ts";
import { generator } from "./generator.ts";
import { teacher } from "./teacher.ts";

/** The kinds of artefacts, by the name of their folder in a cache. */
export const artefactKinds = registry("kind of artefact", { experts, teacher, encoder, generator });

export type ArtefactKindName = keyof typeof artefactKinds.parts;
