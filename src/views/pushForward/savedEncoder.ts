import { badData } from "../../data/badData.ts";
import { sha256 } from "../../data/checksum.ts";
import type { Normalisation } from "../../data/dataset.ts";
import type { NumericTensor } from "../../data/formats/npy.ts";
import { encodeSafetensors, parseSafetensors } from "../../data/formats/safetensors.ts";
import { parseStrictJson } from "../../data/formats/strictJson.ts";
import { maxClasses } from "../../data/labelNames.ts";
import { AttarError, size } from "../../engine/index.ts";
import { buildNetwork, parseNetwork } from "../../hypotheses/index.ts";
import { savedAutoencoder } from "./autoencoder.ts";
import type { Encoder, SavedEncoder } from "./encoder.ts";
import { savedNetwork } from "./network.ts";
import { pcaEncoder } from "./pca.ts";

/** Value of the metadata key "format"; a reader refuses any other. */
export const encoderFormat = "attar-encoder-1";

/** The mean and deviation per channel of the images an encoder was fitted to, in units of 0..1; never whitened ones. */
export type EncoderNormalisation = Pick<Normalisation, "mean" | "std" | "zca">;

/**
 * An encoder as the bytes of a .safetensors file: its tensors (`layer.weight`, `layer.bias`), and in the metadata what it
 * is, the normalisation of the images it reads, and the SHA-256 of the same file without it.
 *
 * @throws AttarError "bad-option" for whitened images: their matrices are not kept, and the encoder would be read as another.
 */
export async function encodeEncoder({ saved }: Encoder, { mean, std, zca }: EncoderNormalisation): Promise<Uint8Array> {
  if (zca)
    throw new AttarError(
      "bad-option",
      "an encoder of whitened images is not saved",
      "fit it to images that are normalised per channel",
    );
  const normalisation = { mean: JSON.stringify(mean), std: JSON.stringify(std) };
  const metadata = { ...saved.metadata, ...normalisation, format: encoderFormat };
  const digest = await sha256(encodeSafetensors(saved.tensors, metadata));
  return encodeSafetensors(saved.tensors, { ...metadata, sha256: digest });
}

/**
 * Reads what {@link encodeEncoder} wrote; a file of an earlier version, which has no hash, is read as it is.
 *
 * @throws AttarError "bad-data"
 */
export async function parseEncoderFile(
  bytes: Uint8Array,
  where: string,
): Promise<{ encoder: Encoder; normalisation: EncoderNormalisation }> {
  const { tensors, metadata } = parseSafetensors(bytes, where);
  if (metadata.format !== encoderFormat)
    throw badData(
      where,
      "is no encoder",
      "Encoders are written by: attar measure A B --encoder <encoder> --save-encoder <file>",
    );
  const input = inputOf(metadata, where);
  const [mean, std] = [numbersIn(metadata, "mean", where), numbersIn(metadata, "std", where)];
  if (mean.length !== input[0] || std.length !== input[0] || !std.every((s) => s > 0))
    throw badData(where, `its mean and std do not describe ${input[0]} channels`);
  const own: Record<string, NumericTensor> = Object.create(null);
  for (const [name, tensor] of tensors) own[name] = tensor;
  const { sha256: digest, ...rest } = metadata;
  if (digest !== undefined && (await sha256(encodeSafetensors(own, rest))) !== digest)
    throw badData(where, "its content has changed since it was written");
  return { encoder: encoderFrom({ tensors: own, metadata }, where), normalisation: { mean, std } };
}

/**
 * The encoder that `saved` is the content of.
 *
 * @throws AttarError "bad-data"
 */
export const encoderFrom = (saved: SavedEncoder, where: string): Encoder =>
  naming(where, () => make(saved, inputOf(saved.metadata, where), where));

function inputOf(metadata: SavedEncoder["metadata"], where: string): [number, number, number] {
  const input = numbersIn(metadata, "input", where) as [number, number, number];
  if (input.length !== 3 || !input.every((d) => Number.isInteger(d) && d > 0))
    throw badData(where, `its metadata "input" is [${input}], expected [channels,height,width]`);
  return input;
}

function numbersIn(metadata: SavedEncoder["metadata"], key: string, where: string): number[] {
  const value = parseStrictJson(metadata[key] ?? "", `${where}: its metadata "${key}"`);
  if (!Array.isArray(value) || !value.every((v) => Number.isFinite(v)))
    throw badData(where, `its metadata "${key}" is not a list of numbers`);
  return value;
}

/** The result of `make`; errors that do not name the file (a network that does not exist, say) are made to. */
function naming<T>(where: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof AttarError && error.message.startsWith(where)) throw error;
    throw badData(where, `holds an encoder that cannot be built: ${error instanceof Error ? error.message : error}`);
  }
}

function make(saved: SavedEncoder, input: readonly [number, number, number], where: string): Encoder {
  const { kind, network = "", classes, description = "" } = saved.metadata;
  if (kind === "network")
    return savedNetwork(
      buildNetwork(parseNetwork(network), input, wholeAbove0(classes, "classes", where, maxClasses)),
      saved,
      where,
    );
  if (kind === "autoencoder") {
    for (const key of ["dimension", "width"]) wholeAbove0(saved.metadata[key], key, where);
    return savedAutoencoder(saved, input, where);
  }
  if (kind === "pca") {
    const { components, mean } = saved.tensors;
    const d = size(input);
    if (
      !(components?.data instanceof Float32Array && mean?.data instanceof Float32Array) ||
      components.shape.length !== 2 ||
      components.data.length === 0 ||
      components.shape[1] !== d ||
      mean.data.length !== d
    )
      throw badData(where, `its components and mean do not fit images of ${d} values`);
    return pcaEncoder(components.data, mean.data, input, description);
  }
  throw badData(where, `holds an encoder of kind ${JSON.stringify(kind)}, known are network, autoencoder and pca`);
}

function wholeAbove0(text: string | undefined, key: string, where: string, most = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1 || value > most)
    throw badData(where, `its metadata "${key}" is ${JSON.stringify(text)}`);
  return value;
}
