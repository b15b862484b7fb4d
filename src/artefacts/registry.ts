import { registry } from "../engine/index.ts";
import { encoder } from "./encoder.ts";
import { experts } from "./experts.ts";
import { teacher } from "./teacher.ts";

/** The kinds of artefacts, by the name of their folder in a cache. */
export const artefactKinds = registry("kind of artefact", { experts, teacher, encoder });

export type ArtefactKindName = keyof typeof artefactKinds.parts;
