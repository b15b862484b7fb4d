import type { ArtefactKind, ArtefactStore, Member } from "./artefact.ts";
import { inMemory } from "./artefact.ts";
import { parseArtefact } from "./file.ts";
import { artefactKinds } from "./registry.ts";

/** A file of an artefact's member, as a page gets it from a server or a person. */
export interface GivenFile {
  /** What to call it in an error. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The store of a program without a file system: members of given files, checked to the byte, where all that an artefact is asked for are among
 * them; another artefact comes from `otherwise`, in memory where left out.
 *
 * @throws AttarError "damaged-generator", or whatever the kind's noun is (exit code 1), for a file whose content is not what was written
 */
export async function artefactsOfFiles(
  files: readonly GivenFile[],
  otherwise: ArtefactStore = inMemory,
): Promise<ArtefactStore> {
  const kinds = Object.values<ArtefactKind>(artefactKinds.parts);
  const members = new Map<string, Member>();
  for (const { name, bytes } of files) {
    const kind = kinds.find(({ format }) => isOf(format, bytes)) ?? kinds[0]!;
    const { identity, ...member } = await parseArtefact(kind, bytes, name);
    members.set(addressOf(kind, identity, member.index), member);
  }
  return {
    async open(spec) {
      const { kind, identity, count } = spec;
      const own = Array.from({ length: count }, (_, index) => members.get(addressOf(kind, identity, index)));
      if (own.some((member) => member === undefined)) return otherwise.open(spec);
      return { at: async (index) => own[index]! };
    },
  };
}

const addressOf = ({ name }: Pick<ArtefactKind, "name">, identity: object, index: number): string =>
  `${name} ${index} ${JSON.stringify(identity)}`;

/** Tells whether the header of a file names a format. */
const isOf = (format: string, bytes: Uint8Array): boolean =>
  new TextDecoder().decode(bytes.subarray(8, 8 + 2 ** 16)).includes(JSON.stringify(format));
