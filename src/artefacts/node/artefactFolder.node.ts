import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { AttarError } from "../../engine/index.ts";
import { parseNetwork } from "../../hypotheses/index.ts";
import type { ArtefactKind } from "../artefact.ts";
import { DamagedArtefact } from "../damaged.ts";
import type { Description } from "../file.ts";
import { readDescription } from "./artefactFile.node.ts";

/** The description of a member in a folder, for which its tensors are not read. */
export interface Entry extends Description {
  readonly path: string;
}

type Named = Pick<ArtefactKind, "noun">;

/** Name of a finished member's file. */
export const memberName = ({ noun }: Named, index: number) => `${noun}-${String(index).padStart(4, "0")}.safetensors`;

/** Name of the file of one that is still made. */
export const partName = ({ noun }: Named, index: number) =>
  `${noun}-${String(index).padStart(4, "0")}.part.safetensors`;

/** The finished members of a folder, and those of its files that are damaged, each with the error that says how. */
export interface Scanned {
  readonly members: readonly Entry[];
  readonly damaged: readonly { readonly path: string; readonly error: AttarError }[];
}

/** The finished members of a folder in order of their number; none where there is no folder. Reads headers alone. */
export async function scanMembers(kind: ArtefactKind, folder: string): Promise<Scanned> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const pattern = new RegExp(`^${kind.noun}-\\d+\\.safetensors$`);
  const members: Entry[] = [];
  const damaged: Scanned["damaged"][number][] = [];
  for (const name of names.filter((one) => pattern.test(one)).sort()) {
    const path = join(folder, name);
    try {
      members.push(await entry(kind, path, name));
    } catch (error) {
      if (!(error instanceof AttarError)) throw error;
      damaged.push({ path, error });
    }
  }
  return { members, damaged };
}

async function entry(kind: ArtefactKind, path: string, name: string): Promise<Entry> {
  const description = await readDescription(kind, path);
  const { identity, index } = description;
  if (memberName(kind, index) !== name) throw new DamagedArtefact(kind, path, `says that it is ${kind.noun} ${index}`);
  try {
    if (identity.network !== undefined) parseNetwork(String(identity.network));
  } catch {
    throw new DamagedArtefact(kind, path, `names a network that is not known, ${JSON.stringify(identity.network)}`);
  }
  return { path, ...description };
}
