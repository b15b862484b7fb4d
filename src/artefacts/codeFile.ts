import { badData } from "../data/badData.ts";
import { sha256 } from "../data/checksum.ts";
import { encodeSafetensors, parseSafetensors } from "../data/formats/safetensors.ts";
import { AttarError, Tensor } from "../engine/index.ts";
import type { Codes, Generator } from "../generators/index.ts";
import type { Identity } from "./artefact.ts";

/** Value of the metadata key "format"; a reader refuses any other. */
export const codeFormat = "attar-codes-1";

/** Codes of layer 0 of one generator, with the class of each. */
export interface LabelledCodes {
  readonly codes: Codes;
  readonly labels: Int32Array;
}

/** SHA-256 of what a generator is: its codes are no other's. */
const digestOf = (identity: Identity) => sha256(new TextEncoder().encode(JSON.stringify(identity)));

/** Codes as the bytes of a .safetensors file: a tensor a part, `labels`, and in the metadata the generator that they belong to. */
export async function encodeCodes({ codes, labels }: LabelledCodes, identity: Identity): Promise<Uint8Array> {
  const parts = Object.entries(codes).map(([part, { shape, data }]) => [part, { shape, data: data as Float32Array }]);
  const tensors = { ...Object.fromEntries(parts), labels: { shape: [labels.length], data: labels } };
  return encodeSafetensors(tensors, { format: codeFormat, generator: await digestOf(identity) });
}

/**
 * Reads what {@link encodeCodes} wrote.
 *
 * @throws AttarError "bad-data" where it is no file of codes, "other-generator" (exit code 2) where they are another generator's
 */
export async function parseCodes(
  bytes: Uint8Array,
  generator: Generator,
  identity: Identity,
  where: string,
): Promise<LabelledCodes> {
  const { tensors, metadata } = parseSafetensors(bytes, where);
  if (metadata.format !== codeFormat)
    throw badData(
      where,
      "holds no codes of a generator",
      "attar generators <dataset> --draw codes.safetensors writes some",
    );
  if (metadata.generator !== (await digestOf(identity)))
    throw new AttarError(
      "other-generator",
      `the codes of ${where} are another generator's`,
      "decode them with the kind, settings, steps and seed that they were written with",
    );
  const all = new Map(tensors);
  const labels = all.get("labels");
  if (!(labels?.data instanceof Int32Array) || labels.data.some((c) => c < 0 || c >= generator.classes))
    throw badData(where, "its labels are no classes");
  const n = labels.data.length;
  const parts = Object.entries(generator.parts(0)).map(([part, { shape }]) => {
    const found = all.get(part);
    if (!(found?.data instanceof Float32Array) || String(found.shape) !== String([n, ...shape]))
      throw badData(where, `its part "${part}" is not float32 [${[n, ...shape]}]`);
    return [part, new Tensor(found.data, found.shape, "float32")] as const;
  });
  return { codes: Object.fromEntries(parts), labels: labels.data };
}
