import type { BenchCase, Prepared } from "./case.ts";
import { sustained, type TimedRun, timed } from "./interleave.ts";
import type { NamedTensors } from "./namedTensors.ts";
import type { Parity } from "./parity.ts";
import { firstRuns } from "./peerParity.ts";
import { asItComes, type PeerVariant } from "./peerVariant.ts";
import type { PeerMeasurement } from "./report.ts";
import { startPeer } from "./tunedPeer.ts";

/** Milliseconds from which a first run, compilation included, is taken to have warmed up what is there to be. */
const long = 10_000;

/** One side, its first runs done. */
export interface Started {
  readonly results: readonly NamedTensors[];
  /** Milliseconds of a run, roughly. */
  readonly roughMs: number;
}

/** Does the first runs of a side, whose results are compared, and one more where they are short. */
export async function started(body: BenchCase, run: () => Promise<NamedTensors>, again: TimedRun): Promise<Started> {
  let results: NamedTensors[] = [];
  const ms = await timed(async () => {
    results = await firstRuns(body, run);
  })();
  const each = ms / results.length;
  return { results, roughMs: each > long ? each : await sustained(again) };
}

/** The peer in one variant, warm and compared with ours. */
export interface Contender {
  readonly run: TimedRun;
  /** Milliseconds of a run, roughly. */
  readonly roughMs: number;
  measurement(times: readonly number[]): Promise<PeerMeasurement>;
  stop(): void;
}

/**
 * Starts the peer in a process of its own, so that its peak memory is that of the variant, and judges its first runs.
 *
 * @param judge holds its first runs, and ours, against the reference.
 * @param variant null: as it comes.
 */
export async function contender(
  body: BenchCase,
  prepared: Prepared,
  judge: (theirs: readonly NamedTensors[]) => Parity,
  threads: number,
  variant: PeerVariant | null,
): Promise<Contender> {
  const peer = await startPeer(threads, variant?.allocator);
  try {
    const chosen = variant ?? asItComes(await peer.options(body.name));
    await peer.load(body.name, prepared.tensors, chosen);
    const run = () => peer.run();
    const { results, roughMs } = await started(body, () => peer.runAndRead(), run);
    const parity = judge(results);
    const measurement = async (times: readonly number[]) => ({
      variant: chosen,
      times,
      peakMemoryBytes: await peer.peakMemoryBytes(),
      parity,
    });
    return { run, roughMs, measurement, stop: () => peer.stop() };
  } catch (error) {
    peer.stop();
    throw error;
  }
}
