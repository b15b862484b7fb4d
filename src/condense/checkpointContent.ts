import { badData } from "../data/badData.ts";
import { sha256 } from "../data/checksum.ts";
import { encodeSafetensors, parseSafetensors } from "../data/formats/safetensors.ts";
import { parseStrictJson } from "../data/formats/strictJson.ts";
import { type Tensor, tensor } from "../engine/index.ts";
import type { Configuration } from "./configuration.ts";
import type { Slots, State } from "./state.ts";

/** The name of the file of the checkpoint after a step; those of many steps have more digits. */
export const checkpointName = (step: number): string => `state-${String(step).padStart(8, "0")}.safetensors`;

type StoredTensor = { shape: readonly number[]; data: Float32Array | Int32Array };

/** The content of a checkpoint file. */
export interface CheckpointContent {
  /** The configuration of the run that wrote it. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** The same as the file has it, to be compared as a whole. */
  readonly identity: string;
  readonly state: State;
}

/** A state and its run's configuration as the bytes of a .safetensors file, with a hash of both. */
export async function encodeCheckpoint(configuration: Configuration, state: State): Promise<Uint8Array> {
  const identity = JSON.stringify(configuration);
  const step = String(state.step);
  const tensors = flattened(state);
  const hash = await digest(identity + step, tensors);
  return encodeSafetensors(tensors, { configuration: identity, step, sha256: hash });
}

/**
 * Reads what {@link encodeCheckpoint} wrote.
 *
 * @param where what to call the file in an error
 * @throws AttarError "bad-data" where the content is not what was written, or is no state
 */
export async function parseCheckpoint(bytes: Uint8Array, where: string): Promise<CheckpointContent> {
  const { tensors, metadata } = parseSafetensors(bytes, where);
  const { configuration: identity = "", step = "" } = metadata;
  const stored: Record<string, StoredTensor> = Object.create(null);
  for (const [name, { shape, data }] of tensors) {
    if (!(data instanceof Float32Array || data instanceof Int32Array))
      throw badData(where, `its tensor "${name}" is neither float32 nor int32`);
    stored[name] = { shape, data };
  }
  if ((await digest(identity + step, stored)) !== metadata.sha256)
    throw badData(where, "its content has changed since it was written");
  const configuration = parseStrictJson(identity, `${where}: its configuration`);
  if (!isRecord(configuration)) throw badData(where, "its configuration is no object");
  return { configuration, identity, state: { step: stepOf(step, where), slots: gathered(stored, where) } };
}

/** The tensors of a state, their slot's name and their own joined by a slash. */
function flattened({ slots }: State): Record<string, StoredTensor> {
  const all: Record<string, StoredTensor> = Object.create(null);
  for (const [part, tensors] of Object.entries(slots))
    for (const [name, { shape, data }] of Object.entries(tensors)) {
      if (!(data instanceof Float32Array || data instanceof Int32Array))
        throw new TypeError(`${part}/${name}: checkpoints hold float32 and int32`);
      all[`${part}/${name}`] = { shape, data };
    }
  return all;
}

/** The tensors by slot. No name that objects inherit something under gets in: what is set is always a property of its own. */
function gathered(tensors: Readonly<Record<string, StoredTensor>>, where: string): Slots {
  const found: Record<string, Record<string, Tensor>> & { variables: Record<string, Tensor> } = { variables: {} };
  for (const [path, { shape, data }] of Object.entries(tensors)) {
    const at = path.indexOf("/");
    const part = path.slice(0, Math.max(0, at));
    if (!part || path.split("/").some(isInherited)) throw badData(where, `its tensor "${path}" is no part of a state`);
    found[part] ??= {};
    found[part][path.slice(at + 1)] = tensor(data, shape);
  }
  if (Object.keys(found.variables).length === 0) throw badData(where, "it holds no variables");
  return found;
}

function stepOf(text: string, where: string): number {
  const step = Number(text);
  if (text === "" || !Number.isSafeInteger(step) || step < 0) throw badData(where, "its step is no whole number");
  return step;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Names that every object inherits something under: no layer, tensor or option is called so. */
export const isInherited = (name: string): boolean => name in {};

/** SHA-256 over the configuration and every field of the state. */
export async function digest(head: string, tensors: Readonly<Record<string, StoredTensor>>): Promise<string> {
  const entries = Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = new TextEncoder().encode(
    JSON.stringify([head, entries.map(([name, { shape, data }]) => [name, shape, data.constructor.name])]),
  );
  const all = new Uint8Array(entries.reduce((sum, [, { data }]) => sum + data.byteLength, text.length));
  all.set(text);
  let at = text.length;
  for (const [, { data }] of entries) {
    all.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return sha256(all);
}
