import { zipSync } from "fflate";
import { badData } from "../badData.ts";
import type { Inflate } from "./inflate.ts";
import { encodeNpy, type NumericTensor, parseNpy } from "./npy.ts";
import { parseZip } from "./zip.ts";

/**
 * Reads NumPy's .npz: a zip of .npy arrays.
 *
 * @returns array name (without ".npy") → array
 * @throws AttarError "bad-data"
 */
export function parseNpz(bytes: Uint8Array, where: string, unpack?: Inflate): Map<string, NumericTensor> {
  const arrays = new Map<string, NumericTensor>();
  for (const [name, data] of parseZip(bytes, where, unpack)) {
    if (!name.endsWith(".npy")) throw badData(where, `entry ${name} is not a .npy array`);
    arrays.set(name.slice(0, -4), parseNpy(data, `${where} (${name})`));
  }
  return arrays;
}

/** Writes a compressed .npz that `numpy.load` reads. Equal arrays give equal bytes (no time stamps). */
export function encodeNpz(arrays: Readonly<Record<string, NumericTensor>>): Uint8Array {
  const entries = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, encodeNpy(array)] as const);
  return zipSync(Object.fromEntries(entries), { level: 6, mtime: new Date(1980, 0, 1) });
}
