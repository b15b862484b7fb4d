import { knownError } from "../../discrepancies/measures/index.ts";
import type { Reference, Value } from "../measurement.ts";

/** The factor by which a distance may exceed another sample's and still be called like it, where no error is known. */
const alike = 1.25;

/** A distance in words, by the references of the same discrepancy: "like another sample", "noise 0.25 to 0.5". */
export function verdict(value: Value, name: string, references: readonly Reference[]): string {
  const known = references.flatMap(({ noise, values }) => (values[name] ? [{ noise, ...values[name] }] : []));
  const floor = known.find(({ noise }) => noise === 0);
  if (!floor) return "";
  const error = 2 * Math.hypot(knownError(value.stderr), knownError(floor.stderr));
  if (value.value <= Math.max(floor.value + error, alike * floor.value)) return "like another sample";
  const noisy = known.filter(({ noise }) => noise > 0);
  const below = noisy.filter((reference) => reference.value <= value.value);
  if (below.length === noisy.length) return `beyond noise ${noisy.at(-1)?.noise}`;
  if (below.length === 0) return `below noise ${noisy[0]!.noise}`;
  const above = noisy.filter((reference) => reference.value > value.value);
  const [from, to] = [below.at(-1)!.noise, above[0]!.noise];
  return from < to ? `noise ${from} to ${to}` : "noise does not tell";
}
