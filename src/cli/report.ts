import { cannotRead } from "../data/node/readBytes.node.ts";
import { cannotWrite, whyNot } from "../data/node/writeAtomic.node.ts";
import { AttarError } from "../engine/errors.ts";
import { type OutputOptions, printJson } from "./output.ts";
import { printable } from "./printable.ts";

/**
 * Prints an error as one sentence and what to do next: on stderr, or with `json` as `{"error":{code,message,hint}}` on
 * stdout. The stack goes out only where ATTAR_DEBUG is 1.
 *
 * @returns the exit code: 1 failed, 2 wrong input, 3 diverged, 4 interrupted
 */
export function report(error: unknown, options: OutputOptions): number {
  const known = asAttarError(error);
  const { code, message, hint } = known;
  if (options.json) printJson({ error: { code, message, hint } });
  else {
    const coloured = process.stderr.isTTY && process.env.TERM !== "dumb" && !process.env.NO_COLOR;
    const [red, plain] = coloured ? ["\x1b[31m", "\x1b[0m"] : ["", ""];
    const advice = hint ? `\n  → ${printable(hint)}` : "";
    process.stderr.write(`${red}attar: ${printable(message)}${plain}${advice}\n`);
  }
  if (process.env.ATTAR_DEBUG === "1" && error instanceof Error)
    process.stderr.write(`${printable(error.stack ?? "", "\n")}\n`);
  return known.exitCode;
}

/** Calls of the system that only look. */
const reading = new Set(["access", "lstat", "read", "readlink", "realpath", "scandir", "stat", "statx"]);

/** The error for what the system refused, in words; undefined for other errors. */
function refusedBySystem(error: unknown): AttarError | undefined {
  const why = whyNot(error);
  if (!why) return undefined;
  const { code, path, syscall = "" } = error as NodeJS.ErrnoException;
  if (!path || code === "EMFILE" || code === "ENFILE")
    return new AttarError("failed", `cannot go on: ${why[0]}`, why[1], 1);
  return reading.has(syscall) || code === "ENOENT" ? cannotRead(path, error) : cannotWrite(path, error);
}

function asAttarError(error: unknown): AttarError {
  if (error instanceof AttarError) return error;
  if (error instanceof Error && error.name === "AbortError")
    return new AttarError("interrupted", "interrupted before there was a result", "type the same command again", 4);
  const refused = refusedBySystem(error);
  if (refused) return refused;
  const text = error instanceof Error ? error.message : String(error);
  const sentence = text.split("\n").find((line) => line.trim() !== "") ?? "something failed without saying what";
  return new AttarError("failed", sentence, "ATTAR_DEBUG=1 shows where it happened", 1);
}
