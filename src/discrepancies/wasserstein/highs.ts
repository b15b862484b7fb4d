import type { Highs, InitOptions } from "highs";
import { AttarError } from "../../engine/index.ts";

let loading: Promise<Highs> | undefined;
let served = "highs/";

/**
 * The address at which a page's server keeps `highs.mjs` and `highs.wasm` of `highs/build`: an address, absolute or
 * relative to the page. `highs/` beside the page unless this names another place; Node finds the package itself.
 */
export function useHighsFrom(folder: string): void {
  served = folder.endsWith("/") ? folder : `${folder}/`;
}

/**
 * HiGHS, loaded at its first use: four megabytes that nobody else pays for.
 *
 * @throws AttarError (exit code 1) where it is not to be found.
 */
export function loadHighs(): Promise<Highs> {
  loading ??= load(address());
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

/** Bundlers for the browser must not follow the package, whose loader mentions Node's modules: its place is told at run time. */
function address(): string {
  if (typeof process !== "undefined" && process.versions?.node) return "highs";
  return new URL(`${served}highs.mjs`, globalThis.document?.baseURI ?? globalThis.location.href).href;
}

async function load(from: string): Promise<Highs> {
  try {
    const module = (await import(/* @vite-ignore */ from)) as { default: (options?: InitOptions) => Promise<Highs> };
    return await module.default();
  } catch (error) {
    throw new AttarError(
      "absent-solver",
      `HiGHS could not be loaded from ${from}: ${(error as Error).message}`,
      from === "highs"
        ? "npm install highs"
        : "serve the files of highs/build there, or name their place: useHighsFrom(folder)",
      1,
    );
  }
}
