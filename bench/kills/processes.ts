import { type ChildProcess, spawn } from "node:child_process";

/**
 * Processes that never outlive this one: each leads a group of its own, and every group is killed with -9 at whatever end: a return, an
 * error that nobody caught, Ctrl-C, SIGTERM, SIGHUP. Only -9 on this process itself gives it no time to.
 */
export class Processes {
  private readonly started = new Set<ChildProcess>();
  private readonly last: (() => void)[] = [];

  constructor() {
    process.on("exit", () => this.killAll());
    for (const [signal, number] of [
      ["SIGINT", 2],
      ["SIGTERM", 15],
      ["SIGHUP", 1],
    ] as const)
      process.on(signal, () => process.exit(128 + number));
  }

  /** Starts a program whose errors are read, in a group of its own. */
  start(program: string, words: readonly string[]): ChildProcess {
    const child = spawn(program, words, { stdio: ["ignore", "ignore", "pipe"], detached: true });
    this.started.add(child);
    return child;
  }

  /** Does something at the end, after all groups are killed: it must not wait for anything. */
  atEnd(work: () => void): void {
    this.last.push(work);
  }

  /** Kills every group; those that have ended, too, whose children may live. */
  killAll(): void {
    for (const { pid } of this.started) if (pid !== undefined) killGroup(pid);
    this.started.clear();
    for (const work of this.last.splice(0)) work();
  }
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    // The group has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
