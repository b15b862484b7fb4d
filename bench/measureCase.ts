import type { SizedCase } from "./cases/index.ts";
import { interleave, sustained, timed } from "./interleave.ts";
import { largestError, tolerance } from "./parity.ts";
import type { Peer } from "./peer.ts";
import { benchNetwork } from "./problem.ts";
import type { Measurement } from "./report.ts";

/**
 * Measures one case: a first run on both sides, whose results are compared and which compiles and measures chunk sizes;
 * another to warm up; then `rounds` timed in turn.
 */
export async function measureCase({ name, body, input }: SizedCase, rounds: number, peer?: Peer): Promise<Measurement> {
  const prepared = body.prepare(benchNetwork(input));
  const variant = await peer?.load(body.name, prepared.tensors);
  const results = await prepared.run();
  const relativeError = peer ? largestError(results, await peer.runAndRead()) : Number.NaN;
  await sustained(timed(prepared.run));
  if (peer) await sustained(() => peer.run());
  const times = await interleave(rounds, timed(prepared.run), peer && (() => peer.run()));
  const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
  return {
    name,
    tolerance: body.tolerance ?? tolerance,
    multiplyAdds: await prepared.multiplyAdds(),
    ours: { times: times.ours, peakMemoryBytes },
    peer: peer
      ? {
          name: peer.name,
          version: peer.version,
          variant: variant!,
          times: times.peer,
          peakMemoryBytes: await peer.peakMemoryBytes(),
          relativeError,
        }
      : null,
  };
}
