import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cannotWrite } from "../../data/node/writeAtomic.node.ts";
import { AttarError } from "../../engine/index.ts";

/** What the system says of a process: its state, and when it started, which tells it from a later one with the same number. */
function statusOf(pid: number): { state?: string; started?: string } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(") ") + 2).split(" ");
    return { state: fields[0], started: fields[19] };
  } catch {
    return {};
  }
}

function alive(pid: number, started: string | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false; // EPERM: it lives, and is someone else's
  }
  const now = statusOf(pid);
  // Z and X: killed, and not yet taken notice of by its parent.
  if (now.state === "Z" || now.state === "X") return false;
  return started === undefined || now.started === undefined || now.started === started;
}

/**
 * Takes a run folder for this process; the lock of a process that is gone is taken over. A lock appears with its content
 * at once (a link to a finished file), so a lock that cannot be read is one cut short by a crash.
 *
 * @returns a function that releases it. @throws AttarError "locked" (exit code 1) where another process is working there,
 * "cannot-write".
 */
export function lockRun(folder: string): () => void {
  const path = join(folder, "lock");
  const token = randomBytes(4).toString("hex");
  const mine = JSON.stringify({ pid: process.pid, started: statusOf(process.pid).started, token });
  const draft = join(folder, `.lock.${process.pid}.${token}.tmp`);
  try {
    writeFileSync(draft, mine, { flag: "wx" });
  } catch (error) {
    throw cannotWrite(path, error);
  }
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (claim(draft, path, mine)) return () => release(path, mine);
      const text = contentOf(path);
      if (text === undefined) continue;
      const holder = parse(text);
      if (holder.pid !== undefined && alive(holder.pid, holder.started))
        throw new AttarError(
          "locked",
          `process ${holder.pid} is already working on ${folder}`,
          "wait for it, stop it, or choose another --out folder",
          1,
        );
      setAside(path, text, `${draft}.stale.tmp`);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw new AttarError("locked", `${folder} is being locked by another process`, "try again", 1);
}

function claim(draft: string, path: string, mine: string): boolean {
  const attempt = (take: () => void) => {
    try {
      take();
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  };
  try {
    return attempt(() => linkSync(draft, path));
  } catch {
    try {
      return attempt(() => writeFileSync(path, mine, { flag: "wx" })); // a file system without hard links
    } catch (error) {
      throw cannotWrite(path, error);
    }
  }
}

/** Moves a dead process's lock away; where another process has taken it over meanwhile, puts that one's back. */
function setAside(path: string, judged: string, aside: string): void {
  try {
    renameSync(path, aside);
  } catch {
    return; // someone else was faster
  }
  if (contentOf(aside) !== judged) {
    try {
      linkSync(aside, path);
    } catch {
      // A third process holds it: the next attempt sees that one.
    }
  }
  rmSync(aside, { force: true });
}

function release(path: string, mine: string): void {
  if (contentOf(path) === mine) rmSync(path, { force: true });
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function parse(text: string): { pid?: number; started?: string } {
  try {
    const { pid, started } = JSON.parse(text);
    return { pid: Number.isSafeInteger(pid) && pid > 0 ? pid : undefined, started };
  } catch {
    return {};
  }
}
