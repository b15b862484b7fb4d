import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { AttarError } from "../../../engine/errors.ts";
import { readTextIfAny } from "../readBytes.node.ts";
import { cannotRead, openRegular } from "../regularFile.node.ts";
import { writeAtomic } from "../writeAtomic.node.ts";
import { readNow } from "./readNow.node.ts";

const title = "attar-contents-1";

/** Files changed within so many milliseconds before they were read are read again next time: a clock's tick may hide a change. */
const tick = 2000;

/** Files read between two turns of the event loop. */
const turn = 64;

/** The largest file that is read in one piece to be hashed. */
const onePiece = 2 ** 26;

/** The options of {@link contentHashes}. */
export interface ContentOptions {
  /** The folder of the index; without it nothing is remembered. */
  readonly folder?: string;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * SHA-256 of the contents of files, in their order. An index remembers them by size, time of change, time of the last change of
 * any kind, and inode: files of which one of these differs are read.
 *
 * @param paths below `root`
 * @returns "unreadable" for files that cannot be read; whoever decodes them says why
 */
export async function contentHashes(
  root: string,
  paths: readonly string[],
  { folder, onProgress, signal }: ContentOptions = {},
): Promise<string[]> {
  const begun = Date.now();
  const index = folder && join(folder, `contents-${createHash("sha256").update(root).digest("hex").slice(0, 32)}.txt`);
  const known = index === undefined ? new Map<string, string>() : await remembered(index);
  const lines: string[] = [title];
  const out: string[] = [];
  let fresh = 0;
  for (const [i, path] of paths.entries()) {
    const file = join(root, path);
    let hash = "unreadable";
    try {
      const stats = statSync(file);
      const state = `${stats.size} ${stats.mtimeMs} ${stats.ctimeMs} ${stats.ino}`;
      const before = known.get(path);
      if (before?.startsWith(`${state} `)) hash = before.slice(state.length + 1);
      else {
        hash = await hashOf(file, stats.size);
        fresh++;
        if (fresh % turn === 0) {
          onProgress?.(i, paths.length);
          await setImmediate();
          signal?.throwIfAborted();
        }
      }
      if (Math.max(stats.mtimeMs, stats.ctimeMs) < begun - tick) lines.push(`${state} ${hash} ${JSON.stringify(path)}`);
    } catch (error) {
      if (signal?.aborted || !(cannotRead(file, error) instanceof AttarError)) throw error;
    }
    out.push(hash);
  }
  if (index !== undefined && fresh > 0)
    await writeAtomic(index, `${lines.join("\n")}\n`).catch((error) => {
      if (!(error instanceof AttarError)) throw error; // a folder that cannot be written costs time only
    });
  return out;
}

async function hashOf(file: string, size: number): Promise<string> {
  if (size <= onePiece) return createHash("sha256").update(readNow(file)).digest("hex");
  const handle = await openRegular(file);
  try {
    const hash = createHash("sha256");
    for (let at = 0; at < handle.size; at += onePiece)
      hash.update(await handle.read(at, Math.min(onePiece, handle.size - at)));
    return hash.digest("hex");
  } finally {
    await handle.close();
  }
}

/** Path → "size mtime ctime inode hash". What is damaged is passed over. */
async function remembered(index: string): Promise<Map<string, string>> {
  const out = new Map<string, string>();
  const text = await readTextIfAny(index);
  if (!text?.startsWith(`${title}\n`)) return out;
  for (const line of text.split("\n")) {
    const at = line.indexOf(' "');
    if (at < 0 || !/ [0-9a-f]{64}$/.test(line.slice(0, at))) continue;
    try {
      out.set(String(JSON.parse(line.slice(at + 1))), line.slice(0, at));
    } catch {
      // a line that was cut
    }
  }
  return out;
}
