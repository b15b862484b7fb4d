import { zipSync } from "fflate";
import { badData } from "../badData.ts";
import { Budget } from "./budget.ts";
import type { Inflate } from "./inflate.ts";
import { encodeNpy, type NumericTensor } from "./npy.ts";
import { isTexts, parseNpyEntry } from "./npyEntry.ts";
import { encodeTextNpy } from "./npyText.ts";
import { parseZip } from "./zip.ts";

/**
 * Reads NumPy's .npz: a zip of .npy arrays. Arrays of texts are left out.
 *
 * @returns array name (without ".npy") → array
 * @throws AttarError "bad-data"
 */
export function parseNpz(bytes: Uint8Array, where: string, unpack?: Inflate): Map<string, NumericTensor> {
  return parseNpzFile(bytes, where, unpack).arrays;
}

/** Reads the numbers and the texts of an .npz. @throws AttarError "bad-data" */
export function parseNpzFile(
  bytes: Uint8Array,
  where: string,
  unpack?: Inflate,
): { arrays: Map<string, NumericTensor>; texts: Map<string, readonly string[]> } {
  const arrays = new Map<string, NumericTensor>();
  const texts = new Map<string, readonly string[]>();
  const budget = new Budget(bytes.length, where);
  for (const [entry, data] of parseZip(bytes, where, unpack)) {
    if (!entry.endsWith(".npy")) throw badData(where, `entry ${entry} is not a .npy array`);
    const name = entry.slice(0, -4);
    const array = parseNpyEntry(data, `${where} (${name})`, budget);
    if (isTexts(array)) texts.set(name, array);
    else arrays.set(name, array);
  }
  return { arrays, texts };
}

/**
 * Writes a compressed .npz that `numpy.load` reads: numbers, and texts as arrays of one dimension. Equal arrays give equal
 * bytes (no time stamps).
 */
export function encodeNpz(arrays: Readonly<Record<string, NumericTensor | readonly string[]>>): Uint8Array {
  const entries = Object.entries(arrays).map(
    ([name, array]) => [`${name}.npy`, isTexts(array) ? encodeTextNpy(array) : encodeNpy(array)] as const,
  );
  return zipSync(Object.fromEntries(entries), { level: 6, mtime: new Date(1980, 0, 1) });
}
