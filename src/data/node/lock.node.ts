import { randomBytes } from "node:crypto";
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { AttarError } from "../../engine/errors.ts";
import { heartbeat } from "./heartbeat.node.ts";
import { holderIn, isAlive, isHere, isLockText, type LockHolder, lockText } from "./lockHolder.node.ts";
import { meantBy, temporaryName } from "./temporaryName.node.ts";
import { cannotWrite } from "./writeAtomic.node.ts";

/** Milliseconds between two renewals of a lock. */
const renewal = 5000;
/** Milliseconds after which a lock that was not renewed is left behind, where its process cannot be looked up. */
const patience = 30_000;

/**
 * Takes a folder for this process. The lock of a process that is gone is taken over: on this machine at once, from another
 * machine or container when it was not renewed for half a minute, by the file system's own clock. A lock appears with its
 * content at once (a link to a finished file), so one that cannot be read was cut short by a crash.
 *
 * @param period milliseconds between renewals.
 * @returns a function that releases it.
 * @throws AttarError "locked" (exit code 1) where another process is working there; "foreign-files" (exit code 2) where a file
 * named lock is no lock; "cannot-write".
 */
export function lockFolder(folder: string, period = renewal): () => void {
  const path = join(folder, "lock");
  const mine = lockText(randomBytes(4).toString("hex"));
  const draft = join(folder, temporaryName("lock"));
  try {
    writeFileSync(draft, mine, { flag: "wx" });
  } catch (error) {
    throw cannotWrite(path, error);
  }
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (claim(draft, path, mine)) return held(folder, mine, draft, period);
      const text = contentOf(path);
      if (text === undefined) continue;
      if (!isLockText(text)) throw noLock(path);
      const holder = holderIn(text);
      if (isHere(holder) ? isAlive(holder) : age(path, draft) < patience) throw locked(folder, holder);
      setAside(path, text, join(folder, temporaryName("lock")));
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw new AttarError("locked", `${folder} is being locked by another process`, "try again", 1);
}

/** Options of {@link waitForLock}. */
export interface WaitOptions {
  readonly signal?: AbortSignal;
  /** Called once with whom it waits for. */
  readonly onWait?: (note: string) => void;
}

/**
 * Takes a folder as {@link lockFolder} does, as soon as no other process is working there.
 *
 * @throws AttarError as lockFolder does, except "locked"; the signal's reason when it aborts
 */
export async function waitForLock(folder: string, { signal, onWait }: WaitOptions = {}): Promise<() => void> {
  for (let told = false; ; told = true) {
    signal?.throwIfAborted();
    try {
      return lockFolder(folder);
    } catch (error) {
      if (!(error instanceof AttarError) || error.code !== "locked") throw error;
      if (!told) onWait?.(`${error.message}; waiting for it`);
    }
    await setTimeout(500, undefined, { signal });
  }
}

/** Keeps a lock that was just taken, and removes what attempts to take it left behind that were killed. */
function held(folder: string, mine: string, draft: string, period: number): () => void {
  const path = join(folder, "lock");
  for (const name of readdirSync(folder))
    if (meantBy(name) === "lock" && name !== basename(draft) && age(join(folder, name), draft) > patience)
      rmSync(join(folder, name), { force: true });
  const end = heartbeat(path, mine[0]!, period);
  return () => {
    end();
    if (contentOf(path) === mine) rmSync(path, { force: true });
  };
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

/** The milliseconds by which a file was last written before another; 0 where it is gone. */
function age(path: string, now: string): number {
  try {
    return statSync(now).mtimeMs - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/** @throws AttarError "foreign-files" for what cannot be a lock, such as a folder. */
function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw noLock(path);
  }
}

function locked(folder: string, holder: LockHolder): AttarError {
  const here = isHere(holder);
  const who = `process ${holder.pid}${here ? "" : ` on ${holder.host}`}`;
  const hint = "wait for it, stop it, or choose another --out folder";
  const gone = `${hint}; if it is gone, type the command again in ${patience / 1000} seconds`;
  return new AttarError("locked", `${who} is already working on ${folder}`, here ? hint : gone, 1);
}

const noLock = (path: string) =>
  new AttarError(
    "foreign-files",
    `${path} is not a lock of attar's; nothing has been changed`,
    `choose another --out folder, or move ${path} away`,
  );
