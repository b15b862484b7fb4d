import type { Budget } from "./budget.ts";
import { type NumericTensor, parseNpy } from "./npy.ts";
import { parseTextNpy, textCount } from "./npyText.ts";

/** The memory that a short text takes, about, in bytes. */
const textBytes = 64;

/**
 * Reads one array of an archive, numbers or texts, and takes what it becomes from the archive's budget: texts are strings,
 * and numbers that are not bytes, however short, become float32.
 *
 * @throws AttarError "bad-data", also where the budget is spent
 */
export function parseNpyEntry(bytes: Uint8Array, where: string, budget: Budget): NumericTensor | readonly string[] {
  const count = textCount(bytes);
  if (count !== undefined) {
    budget.take(textBytes * count);
    return parseTextNpy(bytes, where);
  }
  const array = parseNpy(bytes, where);
  const { length } = array.data;
  budget.take(array.data instanceof Uint8Array ? length : Math.max(array.data.byteLength, 4 * length));
  return array;
}

/** Tells texts from an array of numbers. */
export const isTexts = (array: NumericTensor | readonly string[]): array is readonly string[] => Array.isArray(array);
