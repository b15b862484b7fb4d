import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, availableParallelism, cpus, platform } from "node:os";
import { defaultRuntime } from "../../engine/index.ts";

/** Versions, machine and executor of a computation. */
export interface Provenance {
  readonly versions: { readonly attar: string; readonly node: string; readonly onnxruntime: string };
  readonly device: string;
  /** Threads in use. */
  readonly cores: number;
  readonly executor: string;
}

/**
 * The provenance of a result, on which its last bits depend: threads share sums out, versions and processors round
 * differently.
 */
export async function provenance(runtime = defaultRuntime()): Promise<Provenance> {
  const { name: executor, threads } = await runtime.loaded();
  return {
    versions: {
      attar: versionIn(new URL("../../../package.json", import.meta.url)),
      node: process.version,
      onnxruntime: versionIn(createRequire(import.meta.url).resolve("onnxruntime-node/package.json")),
    },
    device: `${platform()} ${arch()} ${cpus()[0]?.model.trim() ?? ""}`,
    cores: threads ?? availableParallelism(),
    executor,
  };
}

const versionIn = (manifest: string | URL) =>
  String((JSON.parse(readFileSync(manifest, "utf8")) as { version: unknown }).version);
