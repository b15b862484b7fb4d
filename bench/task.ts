import type { Measurement } from "./report.ts";

/** What a measuring process is asked to do; it does one thing and ends, so that its peak memory is that thing's. */
export type Task = TaskOptions & ({ readonly kind: "sgemm" } | { readonly kind: "case"; readonly name: string });

export interface TaskOptions {
  readonly threads: number;
  /** Timed runs of each side. */
  readonly rounds: number;
  /** undefined: no peer. */
  readonly peer?: { readonly tuned: boolean };
}

/** What it answers. */
export type Outcome =
  | { readonly kind: "sgemm"; readonly gflops: number; readonly peerGflops: number | null }
  | { readonly kind: "case"; readonly measurement: Measurement }
  | { readonly kind: "failed"; readonly message: string };
