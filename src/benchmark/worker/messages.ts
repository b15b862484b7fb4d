import type { AnyJob } from "../jobs/job.ts";
import type { Settled } from "../store/store.ts";

/** What a supervisor tells a child: a job and the folder for it, or to keep what it has and leave off. */
export type ToChild = { readonly run: AnyJob; readonly folder: string } | { readonly stop: true };

/** How a job ended in a child that lives. */
export interface ChildEnd {
  readonly event: "ended";
  readonly outcome: "done" | "diverged" | "interrupted" | "wrong-input" | "failed";
  readonly settled?: Settled;
  readonly code?: string;
  readonly message?: string;
  readonly hint?: string;
}

/** What a child tells its supervisor. */
export type FromChild =
  | { readonly event: "step"; readonly step: number; readonly steps: number }
  | { readonly event: "note"; readonly note: string }
  | ChildEnd;
