import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { cpus, homedir } from "node:os";
import { dirname, join } from "node:path";
import type { ChunkStore } from "./accumulate.ts";

/** Measured chunk sizes in the user's cache folder, by processor model and shape: each is measured once per machine. */
export function chunkFile(folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "attar")): ChunkStore {
  const path = join(folder, "chunks.json");
  const machine = `${cpus()[0]?.model}x${cpus().length}`;
  let known: Record<string, number> = {};
  try {
    known = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    // Nothing measured yet.
  }
  return {
    get: (key) => known[`${machine}|${key}`],
    set(key, chunk) {
      known[`${machine}|${key}`] = chunk;
      try {
        mkdirSync(dirname(path), { recursive: true });
        const temporary = `${path}.${process.pid}`;
        writeFileSync(temporary, JSON.stringify(known));
        renameSync(temporary, path);
      } catch {
        // A cache that cannot be written costs a measurement the next time.
      }
    },
  };
}
