import { sha256 } from "../../data/checksum.ts";
import type { NumericTensor } from "../../data/formats/npy.ts";
import { encodeSafetensors, parseSafetensors } from "../../data/formats/safetensors.ts";
import { parseStrictJson } from "../../data/formats/strictJson.ts";
import { AttarError, Tensor } from "../../engine/index.ts";
import type { ExpertProgress, Params } from "../../hypotheses/index.ts";

/** What every expert of a folder has in common. */
export interface ExpertConfiguration {
  readonly dataset: string;
  readonly checksum: string;
  /** How the images are normalised that they see: the kind and every value. */
  readonly normalisation: string;
  /** As `--net` reads it. */
  readonly network: string;
  readonly seed: number;
  /** Training images the experts see; all of them see the same. */
  readonly images: number;
  readonly recipe: { readonly [entry: string]: string | number };
}

/** What an expert's file says of it in its header. */
export interface ExpertDescription {
  readonly configuration: ExpertConfiguration;
  readonly index: number;
  /** Training loss of each epoch. */
  readonly losses: readonly number[];
  /** On the test split after the last epoch; absent without one, and while it trains. */
  readonly accuracy?: number;
}

/** One expert as its file holds it. */
export interface StoredExpert extends ExpertProgress {
  readonly configuration: ExpertConfiguration;
  readonly index: number;
  readonly accuracy?: number;
}

type Tensors = Record<string, NumericTensor>;

/**
 * One expert as the bytes of a .safetensors file: each parameter as `conv1.weight` [epochs + 1, …shape], the optimizer's state
 * as `optimizer.velocity.conv1.weight`; metadata: configuration, index, losses, accuracy, and the SHA-256 of the same file
 * without it.
 */
export async function encodeExpert(expert: StoredExpert): Promise<Uint8Array> {
  const tensors = tensorsOf(expert);
  const metadata: Record<string, string> = {
    format: "attar-expert",
    configuration: JSON.stringify(expert.configuration),
    index: String(expert.index),
    losses: JSON.stringify(expert.losses),
    ...(expert.accuracy !== undefined && { accuracy: String(expert.accuracy) }),
  };
  const digest = await sha256(encodeSafetensors(tensors, metadata));
  return encodeSafetensors(tensors, { ...metadata, sha256: digest });
}

/**
 * Reads what {@link encodeExpert} wrote.
 *
 * @throws AttarError "damaged-expert" (exit code 1) where the content is not what was written
 */
export function parseExpert(bytes: Uint8Array, where: string): Promise<StoredExpert> {
  return orDamaged(where, () => parseWhole(bytes, where));
}

async function parseWhole(bytes: Uint8Array, where: string): Promise<StoredExpert> {
  const { tensors, metadata } = parseSafetensors(bytes, where);
  const { sha256: digest, ...rest } = metadata;
  const all: Tensors = Object.create(null);
  for (const [name, tensor] of tensors) all[name] = tensor;
  if (rest.format !== "attar-expert" || (await sha256(encodeSafetensors(all, rest))) !== digest)
    throw damaged(where, "is no expert, or its content has changed since it was written");
  const description = parseDescription(rest, where);
  const [states, optimizer] = parametersOf(tensors, description.losses.length + 1, where);
  return { states, optimizer, ...description, losses: [...description.losses] };
}

/** Reads the metadata of an expert's file. @throws AttarError "damaged-expert" (exit code 1), "bad-data" */
export function parseDescription(metadata: Readonly<Record<string, string>>, where: string): ExpertDescription {
  if (metadata.format !== "attar-expert") throw damaged(where, "is no expert");
  const configuration = parseStrictJson(metadata.configuration ?? "", `${where}: its configuration`);
  const losses = parseStrictJson(metadata.losses ?? "", `${where}: its losses`);
  const index = Number(metadata.index);
  const accuracy = metadata.accuracy === undefined ? undefined : Number(metadata.accuracy);
  if (
    !isConfiguration(configuration) ||
    !Array.isArray(losses) ||
    !losses.every((loss): loss is number => typeof loss === "number") ||
    !/^\d+$/.test(metadata.index ?? "") ||
    !Number.isSafeInteger(index) ||
    (accuracy !== undefined && !(accuracy >= 0 && accuracy <= 1))
  )
    throw damaged(where, "does not describe an expert");
  return { configuration, index, losses, ...(accuracy !== undefined && { accuracy }) };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Those of an earlier version, which have no normalisation, are configurations too: others than any of today. */
function isConfiguration(value: unknown): value is ExpertConfiguration {
  if (!isRecord(value) || !isRecord(value.recipe)) return false;
  const { dataset, checksum, network, seed, images, recipe } = value;
  return (
    [dataset, checksum, network].every((text) => typeof text === "string") &&
    [seed, images].every((count) => Number.isSafeInteger(count)) &&
    Object.values(recipe as object).every((entry) => typeof entry === "string" || typeof entry === "number")
  );
}

/** The error of an expert's file that is not as it was written: exit code 1, and how to get another. */
export class DamagedExpert extends AttarError {
  constructor(
    readonly path: string,
    what: string,
  ) {
    super("damaged-expert", `${path} ${what}`, "Delete the file; the same attar experts command trains it again.", 1);
  }
}

export const damaged = (path: string, what: string): DamagedExpert => new DamagedExpert(path, what);

/** What `parse` gives; whatever is wrong with the bytes, the error is {@link DamagedExpert}. */
export async function orDamaged<T>(path: string, parse: () => T | Promise<T>): Promise<T> {
  try {
    return await parse();
  } catch (error) {
    if (!(error instanceof AttarError) || error instanceof DamagedExpert) throw error;
    throw damaged(path, `is damaged: ${error.message.replace(`${path}: `, "").replace(/\.$/, "")}`);
  }
}

/** A layer's, a tensor's or an optimizer part's name: nothing that every object has a property of. */
const isName = (name: string | undefined): name is string => name !== undefined && name !== "" && !(name in {});

function parametersOf(
  tensors: ReadonlyMap<string, NumericTensor>,
  count: number,
  where: string,
): [Params[], Record<string, Params>] {
  const states: Params[] = Array.from({ length: tensors.size === 0 ? 0 : count }, () => ({}));
  const optimizer: Record<string, Params> = {};
  for (const [path, { data, shape }] of tensors) {
    const names = path.split(".");
    const own = names[0] === "optimizer" ? names.slice(2) : names;
    const [layer, name] = own;
    if (own.length !== 2 || !isName(layer) || !isName(name) || !(data instanceof Float32Array))
      throw damaged(where, `has a tensor "${path}", which is no parameter`);
    if (shape.some((d) => d < 1)) throw damaged(where, `has an empty tensor "${path}" [${shape}]`);
    if (names[0] === "optimizer") {
      const part = names[1];
      if (!isName(part)) throw damaged(where, `has a tensor "${path}", which is no parameter`);
      optimizer[part] = placed(optimizer[part], layer, name, new Tensor(data, shape, "float32"));
      continue;
    }
    if (shape[0] !== count) throw damaged(where, `has ${shape[0]} states of "${path}" and ${count - 1} epochs`);
    const stacked = new Tensor(data, shape, "float32");
    for (let k = 0; k < count; k++)
      states[k] = placed(states[k], layer, name, stacked.rows(k, k + 1).reshape(shape.slice(1)));
  }
  if (states.length === 0) throw damaged(where, "has no parameters");
  return [states, optimizer];
}

const placed = (params: Params = {}, layer: string, name: string, value: Tensor): Params => ({
  ...params,
  [layer]: { ...params[layer], [name]: value },
});

function tensorsOf({ states, optimizer }: StoredExpert): Tensors {
  const tensors: Tensors = {};
  for (const [layer, own] of Object.entries(states[0]!))
    for (const [name, { shape, data }] of Object.entries(own)) {
      const all = new Float32Array(states.length * data.length);
      states.forEach((state, k) => {
        all.set(state[layer]![name]!.data as Float32Array, k * data.length);
      });
      tensors[`${layer}.${name}`] = { shape: [states.length, ...shape], data: all };
    }
  for (const [part, params] of Object.entries(optimizer))
    for (const [layer, own] of Object.entries(params))
      for (const [name, { shape, data }] of Object.entries(own))
        tensors[`optimizer.${part}.${layer}.${name}`] = { shape, data: data as Float32Array };
  return tensors;
}
