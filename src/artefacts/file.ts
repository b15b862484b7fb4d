import { sha256 } from "../data/checksum.ts";
import type { NumericTensor } from "../data/formats/npy.ts";
import { encodeSafetensors, parseSafetensors } from "../data/formats/safetensors.ts";
import { parseStrictJson } from "../data/formats/strictJson.ts";
import { AttarError } from "../engine/index.ts";
import type { ArtefactKind, Body, Identity, Member } from "./artefact.ts";
import { DamagedArtefact } from "./damaged.ts";

/** The description of a member in the header of its file. */
export interface Description {
  readonly identity: Identity;
  readonly index: number;
  readonly notes: Body["notes"];
}

/**
 * A member as the bytes of a .safetensors file: its tensors, and in the metadata the kind's format, the identity
 * ("configuration"), the member's number, its notes, and the SHA-256 of the same file without it.
 */
export async function encodeArtefact(
  kind: Pick<ArtefactKind, "format">,
  { identity, index, notes, tensors }: Description & Body,
): Promise<Uint8Array> {
  const metadata = {
    format: kind.format,
    configuration: JSON.stringify(identity),
    index: String(index),
    ...notes,
  };
  const digest = await sha256(encodeSafetensors(tensors, metadata));
  return encodeSafetensors(tensors, { ...metadata, sha256: digest });
}

/**
 * Reads what {@link encodeArtefact} wrote.
 *
 * @throws AttarError "damaged-expert", or whatever the kind's noun is (exit code 1), where the content is not what was written
 */
export function parseArtefact(kind: ArtefactKind, bytes: Uint8Array, where: string): Promise<Member & Description> {
  return orDamaged(kind, where, () => parseWhole(kind, bytes, where));
}

async function parseWhole(kind: ArtefactKind, bytes: Uint8Array, where: string): Promise<Member & Description> {
  const { tensors, metadata } = parseSafetensors(bytes, where);
  const { sha256: digest, ...rest } = metadata;
  const all: Record<string, NumericTensor> = Object.create(null);
  for (const [name, tensor] of tensors) all[name] = tensor;
  if (rest.format !== kind.format || (await sha256(encodeSafetensors(all, rest))) !== digest)
    throw new DamagedArtefact(kind, where, `is no ${kind.noun}, or its content has changed since it was written`);
  const member = { ...parseDescription(kind, metadata, where), tensors: all, where };
  kind.check(member);
  return member;
}

/** Reads the metadata of a member's file. @throws AttarError as {@link parseArtefact}, "bad-data" */
export function parseDescription(
  kind: ArtefactKind,
  metadata: Readonly<Record<string, string>>,
  where: string,
): Description {
  const { format, configuration = "", index: number = "", sha256: _, ...notes } = metadata;
  if (format !== kind.format) throw new DamagedArtefact(kind, where, `is no ${kind.noun}`);
  const identity = parseStrictJson(configuration, `${where}: its configuration`);
  const index = Number(number);
  if (!isIdentity(identity) || !/^\d+$/.test(number) || !Number.isSafeInteger(index))
    throw new DamagedArtefact(kind, where, `does not describe an ${kind.noun}`.replace(/an (?=[^aeiou])/, "a "));
  kind.checkNotes(notes, where);
  return { identity, index, notes };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isEntry = (value: unknown): value is string | number => typeof value === "string" || typeof value === "number";

/** Those of an earlier version, which have no normalisation, are identities too: others than any of today. */
function isIdentity(value: unknown): value is Identity {
  if (!isRecord(value) || !isRecord(value.recipe)) return false;
  return (
    typeof value.dataset === "string" &&
    typeof value.checksum === "string" &&
    Number.isSafeInteger(value.seed) &&
    Object.values(value).every(
      (entry) => isEntry(entry) || (isRecord(entry) && Object.values(entry).every((inner) => isEntry(inner))),
    )
  );
}

/** The result of `parse`; whatever is wrong with the bytes, the error is {@link DamagedArtefact}. */
export async function orDamaged<T>(
  kind: Pick<ArtefactKind, "noun">,
  path: string,
  parse: () => T | Promise<T>,
): Promise<T> {
  try {
    return await parse();
  } catch (error) {
    if (!(error instanceof AttarError) || error instanceof DamagedArtefact) throw error;
    throw new DamagedArtefact(kind, path, `is damaged: ${error.message.replace(`${path}: `, "").replace(/\.$/, "")}`);
  }
}
