import type { SizedCase } from "./cases/index.ts";
import type { CaseResult, Measurement, PeerMeasurement, PeerSide, Side } from "./report.ts";
import { gflops, median, spread } from "./statistics.ts";

/**
 * What is reported of a measured case.
 *
 * @param sgemmGflops the machine's rate of products of matrices, the faster of both sides'.
 */
export function caseResult({ name, body, input }: SizedCase, measured: Measurement, sgemmGflops: number): CaseResult {
  const { multiplyAdds, ours, plain, tuned, search } = measured;
  const own = side(ours.times, ours.peakMemoryBytes);
  const rate = gflops(multiplyAdds, own.medianMs);
  const best = faster(tuned, plain);
  return {
    name,
    label: body.label,
    input,
    ours: { ...own, gflops: rate },
    peer: best && peerSide(best),
    plain: plain && peerSide(plain),
    speedup: best?.parity.equal ? median(best.times) / own.medianMs : null,
    roundSpeedup: best?.parity.equal ? spread(best.times.map((t, i) => t / ours.times[i]!)) : null,
    plainSpeedup: plain?.parity.equal ? median(plain.times) / own.medianMs : null,
    search,
    multiplyAdds,
    sgemmShare: rate / sgemmGflops,
  };
}

/** Short trials choose a variant; what counts is who is faster in the rounds. */
function faster(tuned: PeerMeasurement | null, plain: PeerMeasurement | null): PeerMeasurement | null {
  if (!tuned || !plain) return tuned ?? plain;
  return median(tuned.times) <= median(plain.times) ? tuned : plain;
}

function side(times: readonly number[], peakMemoryBytes: number): Side {
  const { median: medianMs, min: minMs, max: maxMs } = spread(times);
  return { medianMs, minMs, maxMs, rounds: times.length, peakMemoryBytes };
}

const peerSide = ({ times, peakMemoryBytes, variant, parity }: PeerMeasurement): PeerSide => ({
  ...side(times, peakMemoryBytes),
  variant,
  parity,
});
