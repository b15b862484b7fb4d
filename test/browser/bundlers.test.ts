import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as vite from "vite";
import { expect, test } from "vitest";

const entry = fileURLToPath(new URL("../../src/browser.ts", import.meta.url));

/** The most bytes that all of attar's browser entry takes, minified and compressed; docs/browser.md says them in kB. */
const bound = 750_000;

/** A bundle: its code, and the modules that went into it. */
interface Bundle {
  readonly code: string;
  readonly modules: readonly string[];
}

async function byEsbuild(): Promise<Bundle> {
  const { outputFiles, metafile } = await esbuild.build({
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  return { code: outputFiles.map(({ text }) => text).join("\n"), modules: Object.keys(metafile.inputs) };
}

async function byVite(): Promise<Bundle> {
  const built = await vite.build({
    configFile: false,
    logLevel: "silent",
    build: { write: false, target: "es2022", minify: "esbuild", lib: { entry, formats: ["es"], fileName: "attar" } },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((made) => ("output" in made ? made.output : []));
  const chunks = outputs.filter((output) => output.type === "chunk");
  return {
    code: chunks.map(({ code }) => code).join("\n"),
    modules: chunks.flatMap(({ moduleIds, imports }) => [...moduleIds, ...imports]),
  };
}

test.each([
  ["esbuild", byEsbuild],
  ["Vite", byVite],
] as const)("%s bundles the browser entry: no module of Node, no runtime, no decoder", async (_, bundle) => {
  const { code, modules } = await bundle();
  expect(modules.some((path) => path.endsWith("src/condense/condense.ts"))).toBe(true);
  // Vite puts an empty module in the place of one of Node.
  const foreign = modules.filter(
    (path) =>
      /\.node\.ts$|^node:|browser-external|node_modules\/(onnxruntime|sharp)/.test(path) ||
      builtinModules.includes(path),
  );
  expect(foreign).toEqual([]);
  expect(code).not.toMatch(/(?:from|import|require)\s*\(?\s*["'](?:node:|sharp|onnxruntime)/);
  const compressed = gzipSync(code).length;
  console.info(`${(code.length / 1000).toFixed(0)} kB minified, ${(compressed / 1000).toFixed(0)} kB compressed`);
  expect(compressed).toBeLessThan(bound);
});
