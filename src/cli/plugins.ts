import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "../condense/index.ts";
import { cannotRead, checkRegular } from "../data/node/regularFile.node.ts";
import { AttarError } from "../engine/errors.ts";

let takeOut: () => void = () => {};

/**
 * Registers the parts of plugin files for one command; those of an earlier command in this process are taken out. A file's default export is
 * parts by kind and name, or a function that gives them from what `attar/extend` exports.
 *
 * @throws AttarError "bad-plugin" (exit code 2) for a file that cannot be read or run, and for parts that do not fulfil their contract
 */
export async function loadPlugins(paths: readonly string[] = []): Promise<readonly Plugin[]> {
  takeOut();
  const registered: (() => void)[] = [];
  takeOut = () => {
    for (const undo of registered.splice(0).reverse()) undo();
  };
  if (paths.length === 0) return [];
  const toolkit = await import("../extend/index.ts");
  const files: Plugin[] = [];
  for (const path of paths) {
    const file = { path, sha256: digestOf(path) };
    const made = await exported(file, toolkit);
    try {
      registered.push(toolkit.register(made, file.sha256));
    } catch (error) {
      if (!(error instanceof AttarError)) throw error;
      throw new AttarError("bad-plugin", `${path}: ${error.message}`, error.hint);
    }
    files.push(file);
  }
  return files;
}

function digestOf(path: string): string {
  try {
    checkRegular(path, statSync(path));
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const message = missing ? `there is no plugin ${path}` : cannotRead(path, error).message;
    throw new AttarError("bad-plugin", message, "--plugin takes a JavaScript module, such as ./parts.mjs");
  }
}

type Toolkit = typeof import("../extend/index.ts");

/** The parts that a plugin's default export is, or gives. */
async function exported({ path, sha256 }: Plugin, toolkit: Toolkit): Promise<object> {
  const form = "export default (attar) => ({ views: { … } }): docs/methods.md";
  let made: unknown;
  try {
    // The digest in the address: a module is loaded once, and another content is another module.
    const module: { default?: unknown } = await import(`${pathToFileURL(resolve(path)).href}?${sha256}`);
    made = typeof module.default === "function" ? await module.default(toolkit) : module.default;
  } catch (error) {
    const [first] = String(error instanceof Error ? error.message : error).split("\n");
    throw new AttarError("bad-plugin", `${path} could not be run: ${first}`, form);
  }
  if (typeof made === "object" && made !== null) return made;
  throw new AttarError("bad-plugin", `${path} has no parts as its default export`, form);
}
