import type { Normalisation } from "./dataset.ts";
import { fingerprint } from "./fingerprint.ts";

/**
 * A normalisation in a line: its kind and every value that an image's numbers depend on, such as "channel: scale 255, mean 0.1307,
 * std 0.3081". Equal where, and only where, it makes the same of every image; whitening matrices enter by their fingerprint.
 */
export function normalisationText({ scale, mean, std, range, zca }: Normalisation): string {
  const none = mean.every((m) => m === 0) && std.every((s) => s === 1);
  const values = [`scale ${scale}`, ...(none && !zca ? [] : [`mean ${numbers(mean)}`, `std ${numbers(std)}`])];
  if (range) values.push(`range ${numbers(range.low)} to ${numbers(range.high)}`);
  if (!zca) return `${none ? "none" : "channel"}: ${values.join(", ")}`;
  return `zca: ${values.join(", ")}, whitening ${fingerprint(bytesOf(zca.mean))} ${fingerprint(bytesOf(zca.whiten))}`;
}

/** The channels up to which their values are spelt out. */
const few = 8;

const numbers = (values: readonly number[]) =>
  values.length <= few ? values.join(" ") : fingerprint(bytesOf(Float64Array.from(values)));

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Float64Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);
