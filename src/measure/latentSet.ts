import { badData } from "../data/badData.ts";
import { encodeSafetensors, type SafeTensors } from "../data/formats/safetensors.ts";
import { parseStrictJson } from "../data/formats/strictJson.ts";
import { integerLabels } from "../data/labelNames.ts";
import { Tensor } from "../engine/index.ts";

/** Value of the metadata key "format" of a set given by its codes. */
export const latentFormat = "attar-latent-1";

/** A set in the latent space of an encoder (§4, cases 2 and 3). */
export interface LatentSet {
  /** float32 [n, m]. */
  readonly codes: Tensor;
  readonly labels: Int32Array;
  readonly classes: readonly string[];
}

/**
 * A latent set as the bytes of a .safetensors file: `codes` float32 [n, m], `labels` int64 [n], and in the metadata the
 * format and the classes (JSON).
 */
export function encodeLatent({ codes, labels, classes }: LatentSet): Uint8Array {
  return encodeSafetensors(
    {
      codes: { shape: codes.shape, data: codes.data as Float32Array },
      labels: { shape: [labels.length], data: BigInt64Array.from(labels, BigInt) },
    },
    { format: latentFormat, classes: JSON.stringify(classes) },
  );
}

/** Reads what {@link encodeLatent} wrote. @throws AttarError "bad-data" */
export function parseLatent({ tensors, metadata }: SafeTensors, where: string): LatentSet {
  const codes = tensors.get("codes");
  const labels = tensors.get("labels");
  if (codes?.shape.length !== 2 || !(codes.data instanceof Float32Array))
    throw badData(where, 'has no tensor "codes", float32 [n,m]');
  if (!labels || String(labels.shape) !== String(codes.shape[0]))
    throw badData(where, `has no tensor "labels", one for each of its ${codes.shape[0]} codes`);
  const classes = parseStrictJson(metadata.classes ?? "null", `${where}: its metadata "classes"`);
  if (!Array.isArray(classes) || !classes.every((name) => typeof name === "string"))
    throw badData(where, 'its metadata "classes" is not a list of names');
  const own = integerLabels(labels.data, where);
  if (own.some((label) => label >= classes.length))
    throw badData(where, `has a label outside 0 to ${classes.length - 1}`);
  return { codes: new Tensor(codes.data, codes.shape, "float32"), labels: own, classes };
}
