import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { packageRoot } from "./peer.ts";
import type { MachineDescription } from "./report.ts";

/** What is known of the machine before anything ran. */
export function describeMachine(threads: number): MachineDescription {
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

/** The commit checked out here, with "+" behind it where tracked files but those of docs/ differ from it; null without Git. */
export function checkedOut(): string | null {
  const git = (...args: string[]) => spawnSync("git", args, { cwd: packageRoot(), encoding: "utf8" });
  const head = git("rev-parse", "HEAD");
  if (head.status !== 0) return null;
  const changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs");
  return `${head.stdout.trim()}${changed.stdout.trim() === "" ? "" : "+"}`;
}

function version(manifest: string): string {
  return String((JSON.parse(readFileSync(manifest, "utf8")) as { version: unknown }).version);
}
