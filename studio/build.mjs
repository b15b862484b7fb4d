// Builds the studio as a static site: node studio/build.mjs [FOLDER], dist/studio/site by default. Everything comes from one origin: the
// page, its worker, ONNX Runtime's files, HiGHS for coverings, and a short run that is recorded now.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = resolve(process.argv[2] ?? join(root, "dist", "studio", "site"));
const source = (name) => join(root, "studio", name);
const { resolve: find } = createRequire(import.meta.url);

const shared = {
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  logLevel: "warning",
  jsx: "automatic",
  jsxImportSource: "preact",
};
const versionIn = (path) => JSON.parse(readFileSync(path, "utf8")).version;
const versions = {
  attar: versionIn(join(root, "package.json")),
  onnxruntime: versionIn(join(dirname(find("onnxruntime-web")), "..", "package.json")),
};
mkdirSync(out, { recursive: true });
await build({
  ...shared,
  entryPoints: [source("main.tsx"), source("worker.ts")],
  entryNames: "[name]",
  outdir: out,
  platform: "browser",
  legalComments: "linked",
  define: { attarVersions: JSON.stringify(versions) },
});
for (const name of ["index.html", "theme.css"]) cpSync(source(name), join(out, name));

const runtime = dirname(find("onnxruntime-web"));
for (const name of [
  "ort.wasm.min.mjs",
  "ort-wasm-simd-threaded.mjs",
  "ort-wasm-simd-threaded.wasm",
  "ort.webgpu.min.mjs",
  "ort-wasm-simd-threaded.asyncify.mjs",
  "ort-wasm-simd-threaded.asyncify.wasm",
])
  cpSync(join(runtime, name), join(out, "onnxruntime-web", name));
const highs = dirname(find("highs"));
for (const name of ["highs.mjs", "highs.wasm"]) cpSync(join(highs, name), join(out, "highs", name));

// The recorder stands within the checkout, so that it finds the packages that it needs.
const recorder = join(root, "node_modules", ".cache", "attar", "record.mjs");
await build({
  ...shared,
  minify: false,
  entryPoints: [source("record.ts")],
  outfile: recorder,
  platform: "node",
  packages: "external",
});
execFileSync(process.execPath, [recorder, join(out, "recording.json")], { stdio: "inherit" });

// The worker that keeps the site for visits without a network: its files by name, and a version that follows from their content.
const files = readdirSync(out, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name !== "offline.js")
  .map((entry) => relative(out, join(entry.parentPath, entry.name)).split(sep).join("/"))
  .sort();
const hash = createHash("sha256");
for (const name of files) hash.update(name).update(readFileSync(join(out, name)));
// What only a graphics card needs is kept when it is first asked for.
const first = files.filter((name) => !/webgpu|asyncify|LEGAL/.test(name));
const filled = readFileSync(source("offline.js"), "utf8")
  .replace('"the version"', JSON.stringify(hash.digest("hex").slice(0, 16)))
  .replace('["the files"]', JSON.stringify(["./", ...first]));
writeFileSync(join(out, "offline.js"), filled);
