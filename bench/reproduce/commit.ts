import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The commit that a result belongs to. */
export interface CommitOf {
  /** Forty hexadecimal digits; with "-dirty" behind them where the code had uncommitted changes; "unknown" outside of git. */
  readonly id: string;
  /**
   * "run": the last commit of the code that the cell ran. "file added": the run recorded none that is in the history; this one
   * added the file.
   */
  readonly of: "run" | "file added";
  /** The later commit that brought the present figures into that file, where there is one. */
  readonly figures?: string;
}

/** Paths that a figure depends on. */
const code = ["src", "bench/reproduce", "package.json", "package-lock.json"];

const git = async (...words: string[]) => (await promisify(execFile)("git", words)).stdout.trim();

/**
 * The last commit that changed what figures depend on, marked where files differ from it. Commits of results alone do not count:
 * a result that is moved to another branch names a commit of both.
 */
export async function checkedOut(): Promise<CommitOf> {
  try {
    const id = await git("log", "-1", "--format=%H", "--", ...code);
    if (id === "") return { id: "unknown", of: "run" };
    const changes = await git("status", "--porcelain", "--", ...code);
    return { id: changes === "" ? id : `${id}-dirty`, of: "run" };
  } catch {
    return { id: "unknown", of: "run" };
  }
}

/** The commit whose figures a file holds, short enough to read. */
export const shortCommit = ({ id, figures }: CommitOf): string =>
  (figures ?? id).replace(/^([0-9a-f]{7})[0-9a-f]*/, "$1");
