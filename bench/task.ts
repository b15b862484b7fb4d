import type { LoopTimes } from "./loopOverhead.ts";
import type { Measurement, PeerDescription } from "./report.ts";
import type { SearchLimits } from "./tunedPeer.ts";

/** What a measuring process is asked to do; it does one thing and ends, so that its peak memory is that thing's. */
export type Task = TaskOptions &
  ({ readonly kind: "sgemm" } | { readonly kind: "steps" } | { readonly kind: "case"; readonly name: string });

export interface TaskOptions {
  readonly threads: number;
  /** Timed runs of each side. */
  readonly rounds: number;
  /** undefined: no peer. */
  readonly peer?: PeerPlan;
}

/** How the peer takes part. */
export interface PeerPlan {
  /** undefined: as it comes only. */
  readonly search?: SearchLimits;
  /** Milliseconds a run from which the peer as it comes is timed in one round only. */
  readonly slow: number;
}

/** What it answers. */
export type Outcome =
  | {
      readonly kind: "sgemm";
      readonly gflops: number;
      readonly peerGflops: number | null;
      readonly peer: PeerDescription | null;
    }
  | { readonly kind: "case"; readonly measurement: Measurement }
  | { readonly kind: "steps"; readonly times: LoopTimes }
  | { readonly kind: "failed"; readonly message: string };
