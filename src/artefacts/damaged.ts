import { AttarError } from "../engine/index.ts";
import type { ArtefactKind } from "./artefact.ts";

/** The error of a member's file that is not as it was written: exit code 1, and how to get another. */
export class DamagedArtefact extends AttarError {
  constructor(
    kind: Pick<ArtefactKind, "noun">,
    readonly path: string,
    what: string,
  ) {
    super(`damaged-${kind.noun}`, `${path} ${what}`, "Delete the file; the same command makes it again.", 1);
  }
}
