// npm runs this before any package's installation ends. On Linux x64 onnxruntime-node fetches CUDA's libraries from another host
// then, hundreds of megabytes, and the whole installation fails where that host is not reached. It fetches none where files of their
// names lie there, so empty ones are put in their place. They are replaced by the real ones as ever:
// npm rebuild onnxruntime-node --onnxruntime-node-install=cuda12
const { existsSync, mkdirSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");

const libraries = ["cuda", "shared", "tensorrt"].map((name) => `libonnxruntime_providers_${name}.so`);

/** In a checkout of attar itself .npmrc says what is fetched. */
const isCheckout = process.env.npm_config_local_prefix === process.cwd();

if (!isCheckout && process.platform === "linux" && process.arch === "x64") {
  try {
    const runtime = dirname(require.resolve("onnxruntime-node/package.json"));
    const folder = join(runtime, "bin", "napi-v6", "linux", "x64");
    mkdirSync(folder, { recursive: true });
    for (const path of libraries.map((name) => join(folder, name))) if (!existsSync(path)) writeFileSync(path, "");
  } catch {
    // Its own script decides, as it would without this one.
  }
}
