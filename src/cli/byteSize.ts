import { AttarError } from "../engine/errors.ts";

/** Bytes of a unit. */
const units: Readonly<Record<string, number>> = { kb: 1e3, mb: 1e6, gb: 1e9, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 };

/**
 * Reads an amount of memory from the command line: "8GB", "512 MiB".
 *
 * @param option as it is typed, e.g. "--memory"; the error names it
 * @returns bytes, more than none
 * @throws AttarError "bad-option" for anything else
 */
export function byteSize(option: string): (text: string) => number {
  return (text) => {
    const [, count = "", unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([kmg]i?b)\s*$/i.exec(text) ?? [];
    const bytes = Math.floor(Number(count) * (units[unit.toLowerCase()] ?? Number.NaN));
    if (bytes > 0 && Number.isSafeInteger(bytes)) return bytes;
    throw new AttarError(
      "bad-option",
      `${option} must be an amount in MB, GB or GiB, got "${text}"`,
      `for example ${option} 8GB`,
    );
  };
}
