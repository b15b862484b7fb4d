import type { Spread } from "./statistics.ts";

/** The machine a bench ran on. */
export interface Machine {
  readonly cpu: string;
  /** Cores the process may use. */
  readonly cores: number;
  /** Threads given to both sides. */
  readonly threads: number;
  readonly memoryBytes: number;
  readonly platform: string;
  readonly arch: string;
  readonly node: string;
  readonly onnxruntime: string;
  readonly attar: string;
  /** Load average over the minute before the start: other work that was going on. */
  readonly loadAverage: number;
  /** Largest rate of several 2048x2048x2048 float32 products through the engine's executor. */
  readonly sgemmGflops: number;
  /** The same of PyTorch's; null without it. */
  readonly peerSgemmGflops: number | null;
}

/** What measuring one case found; durations in milliseconds. */
export interface Measurement {
  readonly name: string;
  /** Of the convolutions and linear layers in one run. */
  readonly multiplyAdds: number;
  readonly ours: { readonly times: readonly number[]; readonly peakMemoryBytes: number };
  /** Relative error at which both sides count as equal. */
  readonly tolerance: number;
  readonly peer: PeerMeasurement | null;
}

export interface PeerMeasurement {
  readonly name: string;
  readonly version: string;
  /** The fastest of the layouts and groupings it tried. */
  readonly variant: string;
  /** In the rounds of ours. */
  readonly times: readonly number[];
  readonly peakMemoryBytes: number;
  /** Largest relative error between what both computed from the same weights. */
  readonly relativeError: number;
}

/** One case in the bench's JSON. */
export interface CaseResult {
  readonly name: string;
  readonly ours: Side & {
    readonly peakMemoryBytes: number;
    /** Counted in the convolutions and linear layers alone. */
    readonly gflops: number;
  };
  readonly peer:
    | (Side & {
        readonly name: string;
        readonly version: string;
        readonly variant: string;
        readonly peakMemoryBytes: number;
        readonly gflops: number;
        readonly relativeError: number;
        readonly tolerance: number;
        /** Whether the relative error is within the tolerance; where it is not, there is no speedup. */
        readonly parity: boolean;
      })
    | null;
  /** The peer's median over ours. */
  readonly speedup: number | null;
  /** Peer over ours round by round. */
  readonly roundSpeedup: Spread | null;
  readonly multiplyAdds: number;
  /** `ours.gflops` over the machine's `sgemmGflops`. */
  readonly sgemmShare: number;
}

interface Side {
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
}

/** The bench's JSON. */
export interface Report {
  readonly machine: Machine;
  readonly cases: readonly CaseResult[];
}
