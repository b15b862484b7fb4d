import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Bundles the test page for a browser; any import of a Node module fails here, as esbuild cannot resolve it. */
export async function bundlePage(): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL("page.ts", import.meta.url))],
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    logLevel: "silent",
  });
  return result.outputFiles[0]!.text;
}
