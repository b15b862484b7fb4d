import { zipSync } from "fflate";
import { badData } from "../badData.ts";
import type { Inflate } from "./inflate.ts";
import { encodeNpy, type NumericTensor, parseNpy } from "./npy.ts";
import { encodeTextNpy, isTextNpy, parseTextNpy } from "./npyText.ts";
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
  for (const [entry, data] of parseZip(bytes, where, unpack)) {
    if (!entry.endsWith(".npy")) throw badData(where, `entry ${entry} is not a .npy array`);
    const name = entry.slice(0, -4);
    if (isTextNpy(data)) texts.set(name, parseTextNpy(data, `${where} (${name})`));
    else arrays.set(name, parseNpy(data, `${where} (${name})`));
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

const isTexts = (array: NumericTensor | readonly string[]): array is readonly string[] => Array.isArray(array);
