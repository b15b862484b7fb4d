import { AttarError } from "../engine/errors.ts";

/** The longest message, in characters: a damaged file may hold a name of megabytes. */
const longest = 500;

/**
 * The error of every reader: one sentence "<where>: <what is wrong>" and what to do next. Exit code 2.
 *
 * @param where a path, or what stands for one ("train-images-idx3-ubyte")
 */
export function badData(where: string, what: string, hint = usualHint(what)): AttarError {
  const short = what.length > longest ? `${what.slice(0, longest)}…` : what;
  return new AttarError("bad-data", `${where}: ${short}.`, hint);
}

/** Words of messages about files that are not whole; of any other the file may be fine, only not what is read. */
const broken =
  /cut short|damaged|claims|cannot hold|lies beyond|overlap|checksum|not the expected|gzip|deflate|asks for \d|unexpected end|at least \d|not valid JSON|twice|no PAR1/i;

/** The advice where a file is not whole. */
export const brokenHint = "Check that the file is complete, or fetch it again.";

const usualHint = (what: string): string =>
  broken.test(what)
    ? brokenHint
    : "What is read, and in which form, is in docs/data.md; attar data info says how a dataset was read.";

/** Runs a parser that may throw anything and turns all but an {@link AttarError} into {@link badData}. */
export function guarded<T>(where: string, what: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw asBadData(where, what, error);
  }
}

/** The error itself if it is already clear, else {@link badData} with the foreign message in brackets. */
export function asBadData(where: string, what: string, error: unknown): AttarError {
  if (error instanceof AttarError) return error;
  const detail = error instanceof Error ? error.message.split("\n")[0]!.replace(/\.$/, "") : String(error);
  return badData(where, detail ? `${what} (${detail})` : what);
}
