import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cannotWrite } from "../../data/node/writeAtomic.node.ts";
import { AttarError } from "../../engine/index.ts";

/** When a process started, as the system says it; tells a process from a later one with the same number. */
function startOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[19];
  } catch {
    return undefined;
  }
}

function alive(pid: number, started: string | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return started === undefined || startOf(pid) === undefined || startOf(pid) === started;
}

/**
 * Takes a run folder for this process; the lock of a process that is gone is taken over.
 *
 * @returns a function that releases it. @throws AttarError where another process is working there.
 */
export function lockRun(folder: string): () => void {
  const path = join(folder, "lock");
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid) });
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, mine, { flag: "wx" });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw cannotWrite(path, error);
    }
    let holder: { pid?: number; started?: string } = {};
    try {
      holder = JSON.parse(readFileSync(path, "utf8"));
    } catch {
      // A lock cut short by a crash holds nothing.
    }
    if (holder.pid !== undefined && alive(holder.pid, holder.started))
      throw new AttarError(
        "locked",
        `process ${holder.pid} is already working on ${folder}`,
        "wait for it, stop it, or choose another --out folder",
        1,
      );
    rmSync(path, { force: true });
  }
  throw new AttarError("locked", `${folder} is being locked by another process`, "try again", 1);
}
