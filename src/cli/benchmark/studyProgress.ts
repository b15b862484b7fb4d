import type { AnyJob } from "../../benchmark/jobs/job.ts";
import { estimateOf } from "../../benchmark/plan/estimate.ts";
import type { Pace } from "../../benchmark/plan/pace.ts";
import type { Plan } from "../../benchmark/plan/plan.node.ts";
import type { SlotEnd } from "../../benchmark/worker/slot.node.ts";
import { counted, duration } from "../numbers.ts";
import { log, type OutputOptions } from "../output.ts";
import { printable } from "../printable.ts";

/** Milliseconds between two drawings of the line. */
const drawn = 200;

/** The progress of a study on stderr: a line a job that ended, and on a terminal one that says what is under way and how long it takes. */
export class StudyProgress {
  private readonly under = new Map<string, { job: AnyJob; began: number; step: number; steps: number }>();
  private readonly redraws: boolean;
  private left: Plan;
  private done = 0;
  private last = 0;

  constructor(
    private readonly options: OutputOptions,
    plan: Plan,
    private readonly pace: Pace,
  ) {
    this.left = plan;
    this.redraws = Boolean(process.stderr.isTTY) && process.env.TERM !== "dumb" && !options.quiet;
  }

  plan(plan: Plan): void {
    this.left = plan;
  }

  start(job: AnyJob): void {
    this.under.set(job.key, { job, began: performance.now(), step: 0, steps: 0 });
    this.draw();
  }

  step(job: AnyJob, step: number, steps: number): void {
    const own = this.under.get(job.key);
    if (own) this.under.set(job.key, { ...own, step, steps });
    if (performance.now() - this.last > drawn) this.draw();
  }

  note(text: string): void {
    this.clear();
    log(text, this.options);
  }

  end(job: AnyJob, end: SlotEnd): void {
    const began = this.under.get(job.key)?.began ?? performance.now();
    this.under.delete(job.key);
    const seconds = (performance.now() - began) / 1000;
    if (end.outcome === "done" || end.outcome === "diverged") {
      this.done++;
      if (end.settled === "kept") this.pace.add(job, seconds);
    }
    const why = end.message && end.outcome !== "done" ? `: ${end.message}` : "";
    const hint = end.hint && end.outcome !== "done" && end.outcome !== "interrupted" ? ` (${end.hint})` : "";
    this.note(`${words[end.outcome]} ${job.kind} ${job.name}, ${duration(seconds)}${why}${hint}`);
    this.draw();
  }

  /** Takes the line away. */
  clear(): void {
    if (this.redraws) process.stderr.write("\r\x1b[K");
  }

  private draw(): void {
    if (!this.redraws) return;
    this.last = performance.now();
    const { seconds, jobs } = estimateOf(this.left, this.pace);
    const passed = [...this.under.values()].map(({ job, began }) =>
      Math.min(this.pace.secondsOf(job), (performance.now() - began) / 1000),
    );
    const rest = (seconds - passed.reduce((a, b) => a + b, 0)) / Math.max(1, this.under.size);
    const now = [...this.under.values()].map(
      ({ job, step, steps }) => `${job.name}${steps ? ` ${step}/${steps}` : ""}`,
    );
    const line = `${counted(this.done, "job")} done, ${jobs} left, about ${duration(Math.max(0, rest))}  ${now.join("  ")}`;
    process.stderr.write(`\r\x1b[K${printable(line).slice(0, (process.stderr.columns ?? 80) - 1)}`);
  }
}

const words: Readonly<Record<SlotEnd["outcome"], string>> = {
  done: "done",
  diverged: "diverged",
  interrupted: "put off",
  "wrong-input": "refused",
  failed: "failed",
  crashed: "crashed",
  stalled: "stalled",
};
