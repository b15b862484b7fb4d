import { duration, rateText } from "./numbers.ts";
import type { OutputOptions } from "./output.ts";
import { printable } from "./printable.ts";

/** Milliseconds between two plain progress lines where nothing can be redrawn. */
const plainEvery = 10_000;
const redrawEvery = 100;
const barWidth = 24;

/** The stream that progress goes to, and whether it can be redrawn there; the defaults are stderr and the clock. */
export interface ProgressTarget {
  write(text: string): void;
  readonly redraws: boolean;
  readonly columns?: number;
  now(): number;
}

/** stderr; redrawn in place only on a terminal that can move its cursor. */
function standardError(): ProgressTarget {
  return {
    write: (text) => void process.stderr.write(text),
    redraws: Boolean(process.stderr.isTTY) && process.env.TERM !== "dumb",
    columns: process.stderr.columns,
    now: () => performance.now(),
  };
}

/**
 * A progress line with rate and time left: redrawn in place on a terminal, a plain line every ten seconds elsewhere.
 * Nothing with `quiet`, nor where `--json` prints to the same terminal.
 */
export class Progress {
  private readonly target: ProgressTarget;
  private readonly silent: boolean;
  private last = Number.NEGATIVE_INFINITY;
  private first: { at: number; done: number } | undefined;
  /** The line that said that all is done; it is not said twice. */
  private ended: string | undefined;

  constructor(options: OutputOptions, target: ProgressTarget = standardError()) {
    this.target = target;
    this.silent = Boolean(options.quiet) || (Boolean(options.json) && target.redraws && Boolean(process.stdout.isTTY));
  }

  /** Shows `done` of `total`. The rate counts from the first call on, so that a resumed run's is its own. */
  show(done: number, total: number, note: string): void {
    if (this.silent) return;
    const { redraws, columns } = this.target;
    const now = this.target.now();
    this.first ??= { at: now, done };
    if (now - this.last < (redraws ? redrawEvery : plainEvery) && done < total) return;
    const whole = done >= total ? `${done}/${total} ${note}` : undefined;
    if (whole !== undefined && whole === this.ended) return;
    this.ended = whole;
    this.last = now;
    const seconds = (now - this.first.at) / 1000;
    const rate = seconds > 0 ? (done - this.first.done) / seconds : 0;
    const pace = rate > 0 ? `  ${rateText(rate)}  ${duration((total - done) / rate)} left` : "";
    const share = Math.min(1, done / total);
    const bar = redraws ? `${"━".repeat(Math.round(barWidth * share)).padEnd(barWidth, "╌")} ` : "";
    const line = `${bar}${done}/${total}  ${printable(note)}${pace}`;
    this.target.write(redraws ? `\r\x1b[K${line.slice(0, (columns ?? 80) - 1)}` : `${line}\n`);
  }

  /** Takes the line away. */
  end(): void {
    if (!this.silent && this.target.redraws && this.first) this.target.write("\r\x1b[K");
    this.first = undefined;
    this.ended = undefined;
    this.last = Number.NEGATIVE_INFINITY;
  }
}
