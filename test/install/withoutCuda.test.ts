import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

const root = mkdtempSync(join(tmpdir(), "attar-install-"));
afterAll(() => rmSync(root, { recursive: true }));

const script = fileURLToPath(new URL("../../install/withoutCuda.cjs", import.meta.url));
const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

/** A project with attar and onnxruntime-node in its node_modules, after the script ran there as npm runs it. */
function installed(
  name: string,
  environment: NodeJS.ProcessEnv,
  cuda?: string,
): (library: string) => string | undefined {
  const attar = join(root, name, "node_modules/attar");
  const runtime = join(root, name, "node_modules/onnxruntime-node");
  const libraries = join(runtime, "bin/napi-v6/linux/x64");
  for (const folder of [join(attar, "install"), libraries]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(runtime, "package.json"), '{"name":"onnxruntime-node"}');
  copyFileSync(script, join(attar, "install/withoutCuda.cjs"));
  const path = (library: string) => join(libraries, `libonnxruntime_providers_${library}.so`);
  if (cuda !== undefined) writeFileSync(path("cuda"), cuda);
  execFileSync(process.execPath, ["install/withoutCuda.cjs"], { cwd: attar, env: { ...process.env, ...environment } });
  return (library) => (existsSync(path(library)) ? readFileSync(path(library), "utf8") : undefined);
}

describe.skipIf(process.platform !== "linux" || process.arch !== "x64")("an installation on Linux x64", () => {
  test("finds files in the place of CUDA's libraries, and fetches none", () => {
    const found = installed("plain", { npm_config_local_prefix: join(root, "plain") });
    expect(["cuda", "shared", "tensorrt"].map(found)).toEqual(["", "", ""]);
  });

  test("leaves libraries as they are", () => {
    const found = installed("with", { npm_config_local_prefix: join(root, "with") }, "the library");
    expect(found("cuda")).toBe("the library");
  });

  test("in a checkout does nothing", () => {
    const found = installed("checkout", { npm_config_local_prefix: join(root, "checkout/node_modules/attar") });
    expect(found("cuda")).toBeUndefined();
  });
});

test("what only some need is an optional peer, and the repository's own", () => {
  const { dependencies, devDependencies, peerDependencies, peerDependenciesMeta, scripts } = manifest;
  for (const name of ["onnxruntime-web", "sharp", "h5wasm"]) {
    expect(dependencies[name]).toBeUndefined();
    expect(peerDependencies[name]).toMatch(/^>=/);
    expect(peerDependenciesMeta[name]).toEqual({ optional: true });
    expect(devDependencies[name]).toBeDefined();
  }
  expect(scripts.preinstall).toBe("node install/withoutCuda.cjs");
});
