import { badData } from "../../badData.ts";
import { Budget } from "../budget.ts";
import { unpickle } from "./machine.ts";
import { dataGlobals } from "./numpy.ts";
import type { PickleValue } from "./value.ts";

/**
 * Reads a pickle of plain data, as `pickle.dump` writes it: numbers, texts, lists, dicts, arrays of NumPy. Nothing in it is run.
 *
 * @throws AttarError "bad-data": another function or class, which the message names; bytes after the pickle's end
 */
export function parsePickle(bytes: Uint8Array, where: string): PickleValue {
  const budget = new Budget(bytes.length, where);
  const context = { where, take: (count: number) => budget.take(count) };
  const { value, end } = unpickle(bytes, context, { globals: dataGlobals });
  if (end !== bytes.length) throw badData(where, `the pickle ends at byte ${end} of ${bytes.length}`);
  return value;
}

/** The value of a dict at a text. */
export const entryOf = (dict: PickleValue | undefined, key: string): PickleValue | undefined =>
  dict instanceof Map ? dict.get(key) : undefined;
