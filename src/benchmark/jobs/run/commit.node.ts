import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

const root = new URL("../../../../", import.meta.url).pathname;
let known: { readonly commit?: string } | undefined;

/** Paths that a result depends on. */
const code = ["src", "package.json", "package-lock.json"];

/** The commit of the checkout that this code is in; nothing where it is installed as a package. */
export function commitHere(): { readonly commit?: string } {
  known ??= existsSync(`${root}.git`) ? commitOf(root) : {};
  return known;
}

/**
 * The last commit of a checkout that changed code, with "-dirty" behind it where files differ from it. Commits of results alone do
 * not count: a result that is moved to another branch names a commit of both.
 */
export function commitOf(folder: string): { readonly commit?: string } {
  const git = (...words: string[]) =>
    execFileSync("git", words, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .trim();
  try {
    const id = git("log", "-1", "--format=%H", "--", ...code);
    if (id === "") return {};
    return { commit: git("status", "--porcelain", "--", ...code) === "" ? id : `${id}-dirty` };
  } catch {
    return {};
  }
}
