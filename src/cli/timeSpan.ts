import { AttarError } from "../engine/errors.ts";
import { secondsOf } from "../engine/timeSpan.ts";

/**
 * Reads a span of time from the command line: "90s", "10m", "1h30m", "1.5 h".
 *
 * @param option as it is typed, e.g. "--for"; the error names it
 * @returns seconds, more than none
 * @throws AttarError "bad-option" for anything else
 */
export function timeSpan(option: string): (text: string) => number {
  return (text) => {
    const seconds = secondsOf(text);
    if (seconds === undefined)
      throw new AttarError(
        "bad-option",
        `${option} must be a span of time in s, m, h or d, got "${text}"`,
        `for example ${option} 10m`,
      );
    return seconds;
  };
}
