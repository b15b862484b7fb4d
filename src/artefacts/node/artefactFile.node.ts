import { parseSafetensorsMetadata } from "../../data/formats/safetensors.ts";
import { readBytes } from "../../data/node/readBytes.node.ts";
import { openRegular } from "../../data/node/regularFile.node.ts";
import type { ArtefactKind, Member } from "../artefact.ts";
import { type Description, orDamaged, parseArtefact, parseDescription } from "../file.ts";

/**
 * Reads a member back.
 *
 * @throws AttarError "damaged-expert", or whatever the kind's noun is (exit code 1), where the content is not what was written,
 * "absent-file", "bad-data"
 */
export async function readMember(kind: ArtefactKind, path: string): Promise<Member & Description> {
  return parseArtefact(kind, await readBytes(path), path);
}

/** Reads what a file says of its member, in its header alone. @throws as {@link readMember} */
export async function readDescription(kind: ArtefactKind, path: string): Promise<Description> {
  const file = await openRegular(path);
  try {
    return await orDamaged(kind, path, async () =>
      parseDescription(kind, await parseSafetensorsMetadata(file, path), path),
    );
  } finally {
    await file.close();
  }
}
