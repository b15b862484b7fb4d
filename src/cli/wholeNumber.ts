import { AttarError } from "../engine/errors.ts";

/**
 * Reads a whole number from the command line.
 *
 * @param option as it is typed, e.g. "--ipc"; the error names it
 * @param good a value that the error suggests
 * @throws AttarError "bad-option" for anything else, and for a number out of range
 */
export function wholeNumber(
  option: string,
  least = 0,
  most = Number.MAX_SAFE_INTEGER,
  good = Math.max(least, 10),
): (text: string) => number {
  return (text) => {
    const value = Number(text);
    const example = `for example ${option} ${good}`;
    if (text.trim() === "" || !Number.isSafeInteger(value))
      throw new AttarError("bad-option", `${option} must be a whole number, got "${text}"`, example);
    if (value < least) throw new AttarError("bad-option", `${option} must be at least ${least}, got ${value}`, example);
    if (value > most) throw new AttarError("bad-option", `${option} must be at most ${most}, got ${value}`, example);
    return value;
  };
}
