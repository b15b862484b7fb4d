import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { NodeProvider } from "../../engine/executors/onnxruntime.node.ts";
import type { AnyJob } from "../jobs/job.ts";
import type { ChildEnd, FromChild, ToChild } from "./messages.ts";

/** How a job ended in a slot. */
export interface SlotEnd extends Omit<ChildEnd, "event" | "outcome"> {
  /** `crashed`: the child died; `stalled`: it made no progress and was killed. */
  readonly outcome: ChildEnd["outcome"] | "crashed" | "stalled";
  readonly exit?: number | null;
  readonly signal?: NodeJS.Signals | null;
  /** The last lines of its log. */
  readonly log?: string;
}

export interface SlotOptions {
  /** The address of the store. */
  readonly store: string;
  readonly threads: number;
  /** ONNX Runtime's provider; the processor's where left out. */
  readonly provider?: NodeProvider;
  /** The module that a child runs; this package's own where left out. */
  readonly child?: string;
}

export interface SlotEvents {
  onStep(step: number, steps: number): void;
  onNote(note: string): void;
}

/** Milliseconds without a step, at least, after which a job counts as stalled. */
const leastPatience = 600_000;
/** Steps' times without a step after which it does. */
const stepsOfPatience = 20;
/** Milliseconds that a child has to end by itself. */
const grace = 60_000;
/** Jobs after which a child is replaced: what leaks in native code goes with it. */
const jobsOfChild = 40;
/** Characters of a log that are kept. */
const logKept = 2000;

const ownChild = fileURLToPath(
  new URL(`./childProcess.node.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url),
);

/**
 * A place for one job at a time: a child process that computes it. The supervisor's process never computes; whatever becomes of
 * the child, it goes on.
 */
export class Slot {
  private child?: ChildProcess;
  private jobs = 0;
  private log = "";
  private killer?: NodeJS.Timeout;
  /** True where it was killed since it did not leave off in time. */
  private late = false;

  constructor(private readonly options: SlotOptions) {}

  /** Computes a job. Resolves however it ends. */
  run(job: AnyJob, folder: string, events: SlotEvents): Promise<SlotEnd> {
    const child = this.alive();
    this.jobs++;
    this.log = "";
    let [last, longest, stalled] = [Date.now(), 0, false];
    const patience = setInterval(() => {
      if (Date.now() - last < Math.max(leastPatience, stepsOfPatience * longest)) return;
      stalled = true;
      this.stop();
    }, 5000);
    return new Promise((resolve) => {
      const end = (outcome: SlotEnd) => {
        clearInterval(patience);
        clearTimeout(this.killer);
        this.killer = undefined;
        child.off("message", hear);
        child.off("exit", exited);
        resolve(outcome);
      };
      const hear = (message: FromChild) => {
        if (message.event === "ended") {
          const { event: _, ...how } = message;
          if (how.outcome === "failed") this.retire();
          if (stalled && how.outcome === "interrupted")
            end({ ...how, outcome: "stalled", message: stallWords, log: this.log });
          else end({ ...how, log: this.log });
          return;
        }
        const now = Date.now();
        if (message.event === "step") {
          longest = Math.max(longest, now - last);
          events.onStep(message.step, message.steps);
        } else events.onNote(message.note);
        last = now;
      };
      const exited = (exit: number | null, signal: NodeJS.Signals | null) => {
        this.child = undefined;
        const how = signal ? `was ended by ${signal}` : `ended with exit code ${exit}`;
        const message = stalled ? stallWords : `its process ${how}${this.lastLine()}`;
        // Killed because it took too long to leave off: what its last checkpoint has is kept.
        const late = this.late && !stalled;
        this.late = false;
        end({ outcome: stalled ? "stalled" : late ? "interrupted" : "crashed", exit, signal, message, log: this.log });
      };
      child.on("message", hear);
      child.once("exit", exited);
      child.send({ run: job, folder } satisfies ToChild);
    });
  }

  /** Lets the job end at its next step and keep what it has; kills the child where it does not. */
  stop(): void {
    const { child } = this;
    if (!child || this.killer) return;
    child.send({ stop: true } satisfies ToChild, () => {});
    this.killer = setTimeout(() => {
      this.late = true;
      child.kill("SIGKILL");
    }, grace);
    this.killer.unref();
  }

  /** Ends the child at once. */
  async dispose(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    clearTimeout(this.killer);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  /** The process of the child, where there is one. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  private alive(): ChildProcess {
    if (this.jobs >= jobsOfChild) this.retire();
    if (this.child?.connected) return this.child;
    const { child = ownChild, store, threads, provider = "cpu" } = this.options;
    this.jobs = 0;
    const told = [store, String(threads), provider];
    const started = fork(child, told, { stdio: ["ignore", "pipe", "pipe", "ipc"], execArgv: [] });
    for (const stream of [started.stdout, started.stderr])
      stream?.on("data", (text) => {
        this.log = (this.log + text).slice(-logKept);
      });
    this.child = started;
    return started;
  }

  /** Lets go of a child, of which something may be left that another job should not meet. */
  private retire(): void {
    this.child?.removeAllListeners("exit");
    this.child?.kill("SIGKILL");
    this.child = undefined;
    this.jobs = 0;
  }

  private lastLine(): string {
    const line = this.log.trim().split("\n").at(-1);
    return line ? `: ${line.slice(0, 200)}` : "";
  }
}

const stallWords = "it made no step for so long that it was ended";
