import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** The holder of a lock: a process, and the place where its number means something. */
export interface LockHolder {
  readonly pid?: number;
  /** The start of the process, in ticks since the machine did; it tells it from a later one with the same number. */
  readonly started?: string;
  /** Distinguishes locks of one process. */
  readonly token?: string;
  /** Name of the machine or container; absent from locks of earlier versions. */
  readonly host?: string;
  /** Changes with every start of the machine. */
  readonly boot?: string;
  /** The processes that see each other: containers have their own. */
  readonly namespace?: string;
}

/** Describes this process as a holder, as a lock's text. */
export function lockText(token: string): string {
  const holder: LockHolder = { pid: process.pid, started: statusOf(process.pid).started, token, ...place() };
  return JSON.stringify(holder);
}

/** The text that every lock begins with. */
const start = '{"pid":';

/** Tells a lock, perhaps cut short by a crash, from another file of its name. */
export const isLockText = (text: string) => text.startsWith(start) || start.startsWith(text);

/** Reads a lock's text; of one that was cut short nothing is known. */
export function holderIn(text: string): LockHolder {
  try {
    const { pid, ...rest } = JSON.parse(text) as LockHolder;
    return Number.isSafeInteger(pid) && pid! > 0 ? { pid, ...rest } : {};
  } catch {
    return {};
  }
}

/** Tells whether a holder's number is one of the processes that this one sees. */
export function isHere(holder: LockHolder): boolean {
  const { host, boot, namespace } = place();
  return holder.host === undefined || (holder.host === host && holder.boot === boot && holder.namespace === namespace);
}

/** Tells whether a holder that {@link isHere} still runs. */
export function isAlive({ pid, started }: LockHolder): boolean {
  if (pid === undefined) return false;
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

function statusOf(pid: number): { state?: string; started?: string } {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  const fields = stat?.slice(stat.lastIndexOf(") ") + 2).split(" ") ?? [];
  return { state: fields[0], started: fields[19] };
}

const place = () => ({
  host: hostname(),
  boot: attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
  namespace: attempt(() => readlinkSync("/proc/self/ns/pid")),
});

function attempt(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
