import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { packageRoot } from "./peer.ts";
import type { Machine } from "./report.ts";

/** What is known of the machine before anything ran. */
export function describeMachine(threads: number): Omit<Machine, "sgemmGflops" | "peerSgemmGflops"> {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown processor",
    cores: availableParallelism(),
    threads,
    memoryBytes: totalmem(),
    platform: process.platform,
    arch: process.arch,
    node: process.versions.node,
    onnxruntime: version(createRequire(import.meta.url).resolve("onnxruntime-node/package.json")),
    attar: version(join(packageRoot(), "package.json")),
    loadAverage: loadavg()[0]!,
  };
}

function version(manifest: string): string {
  return String((JSON.parse(readFileSync(manifest, "utf8")) as { version: unknown }).version);
}
