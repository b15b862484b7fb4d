import { AttarError } from "../engine/errors.ts";

/**
 * Reads a share between 0 and 1 from the command line.
 *
 * @param option as it is typed, e.g. "--test-share"; the error names it
 * @throws AttarError "bad-option" for anything else
 */
export function share(option: string): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (value > 0 && value < 1) return value;
    throw new AttarError("bad-option", `${option} must be between 0 and 1, got "${text}"`, `for example ${option} 0.2`);
  };
}

/**
 * Reads points, hundredths of a share, from the command line.
 *
 * @throws AttarError "bad-option" for anything but a number from 0 to 100
 */
export function points(option: string): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (value >= 0 && value <= 100) return value;
    throw new AttarError(
      "bad-option",
      `${option} must be from 0 to 100 points, got "${text}"`,
      `for example ${option} 2`,
    );
  };
}
