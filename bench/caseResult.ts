import type { CaseResult, Measurement } from "./report.ts";
import { gflops, median, spread } from "./statistics.ts";

/** What is reported of a measured case. */
export function caseResult(
  { name, multiplyAdds, ours, peer, tolerance }: Measurement,
  sgemmGflops: number,
): CaseResult {
  const own = side(ours.times);
  const rate = gflops(multiplyAdds, own.medianMs);
  const theirs = peer && side(peer.times);
  const parity = peer !== null && peer.relativeError <= tolerance;
  return {
    name,
    ours: { ...own, peakMemoryBytes: ours.peakMemoryBytes, gflops: rate },
    peer: peer && {
      name: peer.name,
      version: peer.version,
      variant: peer.variant,
      ...theirs!,
      peakMemoryBytes: peer.peakMemoryBytes,
      gflops: gflops(multiplyAdds, theirs!.medianMs),
      relativeError: peer.relativeError,
      tolerance,
      parity,
    },
    speedup: parity ? theirs!.medianMs / own.medianMs : null,
    roundSpeedup: parity ? spread(peer!.times.map((t, i) => t / ours.times[i]!)) : null,
    multiplyAdds,
    sgemmShare: rate / sgemmGflops,
  };
}

function side(times: readonly number[]) {
  return { medianMs: median(times), minMs: Math.min(...times), maxMs: Math.max(...times) };
}
