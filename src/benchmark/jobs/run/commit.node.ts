import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

const root = new URL("../../../../", import.meta.url).pathname;
let known: { readonly commit?: string } | undefined;

/** The commit of the checkout that this code is in; nothing where it is installed as a package. */
export function commitHere(): { readonly commit?: string } {
  known ??= existsSync(`${root}.git`) ? read() : {};
  return known;
}

function read(): { readonly commit?: string } {
  try {
    const said = execFileSync("git", ["rev-parse", "HEAD"], { cwd: root, stdio: ["ignore", "pipe", "ignore"] });
    return { commit: said.toString().trim() };
  } catch {
    return {};
  }
}
