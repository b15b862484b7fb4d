import type { Attempt } from "../store/result.ts";

/** What the ends without a result of a job mean for its next one. */
export type Verdict =
  | { readonly may: "run" }
  /** Not before that time, in milliseconds since 1970. */
  | { readonly may: "wait"; readonly until: number }
  | { readonly may: "not"; readonly reason: string };

/** Hosts that may be lost before a job is given up: their deaths are rarely its fault. */
const mostLost = 50;
/** Errors and crashes after which a job is given up. */
const mostFaults = 3;
/** Milliseconds before the first retry after an error; doubled for every further one. */
const backoff = 1000;

/**
 * Decides on a job by its ends without a result. Wrong input is not tried again; an error or a crash is, twice; a lost host is
 * the host's fault. `attar benchmark retry` forgets them.
 */
export function verdictOn(attempts: readonly Attempt[], now: number): Verdict {
  const last = attempts.at(-1);
  if (!last) return { may: "run" };
  const wrong = attempts.find(({ outcome }) => outcome === "wrong-input");
  if (wrong) return { may: "not", reason: wrong.message };
  const faults = attempts.filter(({ outcome }) => outcome !== "lost");
  if (faults.length >= mostFaults)
    return { may: "not", reason: `${faults.length} times without a result, last: ${faults.at(-1)!.message}` };
  if (attempts.length - faults.length >= mostLost)
    return { may: "not", reason: `${attempts.length} hosts were lost over it` };
  const until = last.outcome === "failed" ? Date.parse(last.at) + backoff * 2 ** (faults.length - 1) : 0;
  return until > now ? { may: "wait", until } : { may: "run" };
}
