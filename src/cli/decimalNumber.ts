import { AttarError } from "../engine/errors.ts";

/**
 * Reads a positive number from the command line, or a quotient of two: 0.01, 1e-5, 256/60000.
 *
 * @param option as it is typed, e.g. "--q"; the error names it
 * @param good a value that the error suggests
 * @throws AttarError "bad-option" for anything else
 */
export function decimalNumber(option: string, good: string): (text: string) => number {
  return (text) => {
    const [over, under = "1", more] = text.split("/").map((part) => part.trim());
    const value = over === "" || under === "" || more !== undefined ? Number.NaN : Number(over) / Number(under);
    if (Number.isFinite(value) && value > 0) return value;
    throw new AttarError(
      "bad-option",
      `${option} must be a positive number, got "${text}"`,
      `for example ${option} ${good}`,
    );
  };
}
