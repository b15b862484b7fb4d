import { encodeCondensed, parseCondensed } from "../condensedSet.ts";
import type { CondensedSet } from "../dataset.ts";
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
 * Reads a condensed set.
 *
 * @throws AttarError "absent-file", "bad-data"
 */
export async function readCondensed(path: string): Promise<CondensedSet> {
  return parseCondensed(await readRaw(path), path);
}
