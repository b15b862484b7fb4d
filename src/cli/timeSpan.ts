import { AttarError } from "../engine/errors.ts";

/** Seconds of a unit. */
const units: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400 };

/**
 * Reads a span of time from the command line: "90s", "10m", "1h30m", "1.5 h".
 *
 * @param option as it is typed, e.g. "--for"; the error names it
 * @returns seconds, more than none
 * @throws AttarError "bad-option" for anything else
 */
export function timeSpan(option: string): (text: string) => number {
  return (text) => {
    const parts = [...text.matchAll(/\s*(\d+(?:\.\d+)?)\s*(min|[smhd])/gy)];
    const seconds = parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit!]!, 0);
    const read = parts.reduce((length, [part]) => length + part.length, 0);
    if (read !== text.trimEnd().length || !(seconds > 0) || !Number.isFinite(seconds))
      throw new AttarError(
        "bad-option",
        `${option} must be a span of time in s, m, h or d, got "${text}"`,
        `for example ${option} 10m`,
      );
    return seconds;
  };
}
