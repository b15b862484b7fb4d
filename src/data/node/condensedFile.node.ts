import { badData } from "../badData.ts";
import { condensedFrom, encodeCondensed, parseCondensed } from "../condensedSet.ts";
import type { CondensedSet } from "../dataset.ts";
import { exportedAsTensors, isExportedSet } from "../exportArrays.ts";
import { parseNpzFile } from "../formats/npz.ts";
import { nativeInflate } from "./nativeInflate.node.ts";
import { readRaw } from "./readBytes.node.ts";
import { writeAtomic } from "./writeAtomic.node.ts";

/**
 * Writes a condensed set as .safetensors, atomically. See `encodeCondensed` for what is in it.
 *
 * @throws AttarError "cannot-write"
 */
export async function writeCondensed(path: string, set: CondensedSet): Promise<void> {
  await writeAtomic(path, encodeCondensed(set));
}

/**
 * Reads a condensed set: the .safetensors file of a run, or the .npz that `exportSet` wrote of it.
 *
 * @throws AttarError "absent-file", "bad-data"
 */
export async function readCondensed(path: string): Promise<CondensedSet> {
  const bytes = await readRaw(path);
  if (!/\.npz$/i.test(path)) return parseCondensed(bytes, path);
  const { arrays, texts } = parseNpzFile(bytes, path, nativeInflate);
  if (!isExportedSet(texts))
    throw badData(path, "is no exported condensed set", "such files are made by: attar export <run> --to npz");
  return condensedFrom(exportedAsTensors(arrays, texts), path);
}
