import { AttarError } from "../engine/index.ts";

/** The end of a budget of time, and whoever may stop the work before it. */
export interface Deadline {
  /** Aborted at the end of the budget, or by `signal`. */
  readonly signal: AbortSignal;
  /** Seconds that have passed, and that are left. */
  passed(): number;
  left(): number;
  /** Why work was stopped, in words. */
  why(): string;
  /** Lets go of the timer. */
  release(): void;
}

const interrupted = (what: string) => new AttarError("interrupted", what, "give it more time: --for 30m", 4);

/** The longest that a timer can be set for; a budget beyond it has no end. */
const mostMilliseconds = 2 ** 31 - 1;

/** A deadline so many seconds from now on. */
export function deadlineIn(seconds: number, signal?: AbortSignal): Deadline {
  const began = performance.now();
  const up = new AbortController();
  const timer = setTimeout(() => up.abort(interrupted("the time was up")), Math.min(1000 * seconds, mostMilliseconds));
  const passed = () => (performance.now() - began) / 1000;
  return {
    signal: signal ? AbortSignal.any([up.signal, signal]) : up.signal,
    passed,
    left: () => Math.max(0, seconds - passed()),
    why: () => (signal?.aborted ? "interrupted" : "the time was up"),
    release: () => clearTimeout(timer),
  };
}

/** Work that is stopped after so many seconds, where `signal` does not stop it before. */
export async function stoppedAfter<T>(
  seconds: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = deadlineIn(seconds, signal);
  try {
    return await work(own.signal);
  } finally {
    own.release();
  }
}

/** Tells whether an error is that of work that was stopped. */
export const isStop = (error: unknown): boolean =>
  error instanceof AttarError ? error.code === "interrupted" : error instanceof Error && error.name === "AbortError";
