import { sha256 } from "../../data/checksum.ts";
import { parseSafetensors } from "../../data/formats/safetensors.ts";
import { AttarError, nearest, type OptionValues, resolveOptions } from "../../engine/index.ts";
import type { Params } from "../../hypotheses/index.ts";
import type { GeneratorSpec } from "../generator.ts";
import type { Family, ForeignConfig } from "./family.ts";
import { foreignTensors } from "./foreignTensors.ts";
import { families } from "./index.ts";
import { paramsFrom } from "./slots.ts";

/** A generator out of a file from elsewhere. */
export interface ImportedGenerator {
  readonly spec: GeneratorSpec;
  /** Its parameters in their own layout; without a prior, where one is fitted. */
  readonly params: Params;
}

/** The family of a name. @throws AttarError "unknown-family" (exit code 2) */
export function familyNamed(name: string): Family {
  const known: Readonly<Record<string, Family>> = families;
  if (Object.hasOwn(known, name)) return known[name]!;
  const near = nearest(name, Object.keys(known));
  throw new AttarError(
    "unknown-family",
    `there is no family "${name}" of generators trained elsewhere, there are ${Object.keys(known).join(", ")}`,
    `--family ${near ?? "dcgan"}`,
  );
}

/**
 * Reads the weights of a generator that was trained elsewhere.
 *
 * @param bytes a .safetensors file of its state, by the names of its family
 * @param config the arguments that its authors made it with
 * @param set options that are told rather than found
 * @throws AttarError "unknown-family", "bad-data" where it is no file of the family: one sentence names tensors that are missing, of
 * another shape, or not read; "unknown-option", "invalid-option"
 */
export async function readImported(
  bytes: Uint8Array,
  where: string,
  family: string,
  config: ForeignConfig = {},
  set: OptionValues = {},
): Promise<ImportedGenerator> {
  const { options: rules, foreign } = familyNamed(family);
  const { tensors } = parseSafetensors(bytes, where);
  const file = foreignTensors(tensors, where, foreign.part);
  const weights = (await sha256(bytes)).slice(0, 12);
  const options = resolveOptions(`generator ${family}`, rules, { ...foreign.sizes(file, config), weights, ...set });
  const params = paramsFrom(foreign.table(options, file), file);
  file.refuseOdd(family, foreign.ignored);
  return { spec: { name: family, options }, params };
}
