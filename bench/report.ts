import type { Parity } from "./parity.ts";
import type { PeerVariant } from "./peerVariant.ts";
import type { Trial } from "./search.ts";
import type { Spread } from "./statistics.ts";

/** The machine a bench ran on, without what was measured of it. */
export interface MachineDescription {
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
}

export interface Machine extends MachineDescription {
  /** Largest rate of several 2048x2048x2048 float32 products through the engine's executor. */
  readonly sgemmGflops: number;
  /** The same of PyTorch's; null without it. */
  readonly peerSgemmGflops: number | null;
}

/** The other library. */
export interface PeerDescription {
  readonly name: string;
  readonly version: string;
  readonly python: string;
}

/** What measuring one case found; durations in milliseconds. */
export interface Measurement {
  readonly name: string;
  /** Of the convolutions and linear layers in one run. */
  readonly multiplyAdds: number;
  readonly ours: { readonly times: readonly number[]; readonly peakMemoryBytes: number };
  /** The peer as it comes. */
  readonly plain: PeerMeasurement | null;
  /** The peer in its fastest variant; null where it was not looked for, or is the one as it comes. */
  readonly tuned: PeerMeasurement | null;
  readonly search: Search | null;
}

export interface PeerMeasurement {
  readonly variant: PeerVariant;
  /** In the rounds of ours, from the first; fewer where a run takes long. */
  readonly times: readonly number[];
  readonly peakMemoryBytes: number;
  /** How what both computed from the same weights compares. */
  readonly parity: Parity;
}

/** How the fastest variant was found. */
export interface Search {
  readonly seconds: number;
  /** Whether the time ran out before all that was planned had been tried. */
  readonly cut: boolean;
  /** Short runs of each variant that was tried, in order. */
  readonly trials: readonly Trial[];
}

/** One case in the bench's JSON. */
export interface CaseResult {
  readonly name: string;
  /** The step in a few words, the same for both image sizes. */
  readonly label: string;
  /** [channels, height, width]. */
  readonly input: readonly number[];
  readonly ours: Side & {
    /** Counted in the convolutions and linear layers alone. */
    readonly gflops: number;
  };
  /** The peer as fast as it was found to run. */
  readonly peer: PeerSide | null;
  /** The peer as it comes. */
  readonly plain: PeerSide | null;
  /** The peer's median over ours; null where they computed different numbers. */
  readonly speedup: number | null;
  /** Peer over ours round by round. */
  readonly roundSpeedup: Spread | null;
  /** The median of the peer as it comes over ours. */
  readonly plainSpeedup: number | null;
  readonly search: Search | null;
  readonly multiplyAdds: number;
  /** `ours.gflops` over the faster of the machine's two SGEMM rates. */
  readonly sgemmShare: number;
}

export interface Side {
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly rounds: number;
  readonly peakMemoryBytes: number;
}

export interface PeerSide extends Side {
  readonly variant: PeerVariant;
  readonly parity: Parity;
}

/** The bench's JSON. */
export interface Report {
  /** What was typed. */
  readonly command: string;
  /** The commit measured, with "+" behind it where files had changed since; null outside a repository. */
  readonly commit: string | null;
  /** The day, as YYYY-MM-DD. */
  readonly date: string;
  readonly rounds: number;
  readonly machine: Machine;
  readonly peer: PeerDescription | null;
  readonly cases: readonly CaseResult[];
  /** The cases that were asked for, where the bench ended before it had measured them all. */
  readonly asked?: number;
}
