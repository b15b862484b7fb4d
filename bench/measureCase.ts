import type { BenchCase } from "./case.ts";
import type { SizedCase } from "./cases/index.ts";
import { type Contender, contender, started } from "./contender.ts";
import { interleave, timed } from "./interleave.ts";
import type { NamedTensors } from "./namedTensors.ts";
import { type Reference, worst } from "./parity.ts";
import { parityOf, referenceOf } from "./peerParity.ts";
import { variantKey } from "./peerVariant.ts";
import { benchNetwork } from "./problem.ts";
import type { Measurement } from "./report.ts";
import type { Found } from "./search.ts";
import { smoothParity } from "./smoothParity.ts";
import type { TaskOptions } from "./task.ts";
import { type SearchLimits, startPeer, tunePeer } from "./tunedPeer.ts";

/**
 * Measures one case: whether both sides compute the same on a smooth network; the search for the peer's fastest variant; the
 * reference in float64; first runs of every side, which are held against it and compile; then `rounds` timed in turn.
 */
export async function measureCase(
  sized: SizedCase,
  { threads, rounds, peer: plan }: TaskOptions,
): Promise<Measurement> {
  const { name, body, input } = sized;
  const smooth = plan && (await smoothParity(sized, threads));
  const prepared = await body.prepare(benchNetwork(input));
  const found = plan?.search ? await search(body.name, prepared.tensors, threads, plan.search) : null;
  const run = timed(prepared.run);
  const { results } = await started(body, prepared.run, run);
  const reference = plan && (await referenceAlone(body, prepared.tensors, threads));
  const judge = (theirs: readonly NamedTensors[]) =>
    worst([smooth!, parityOf(body, prepared, reference!, [results, theirs])]);
  const peers: Contender[] = [];
  try {
    for (const variant of plan ? variants(found) : [])
      peers.push(await contender(body, prepared, judge, threads, variant));
    const turns = peers.map((peer, i) => ({
      run: peer.run,
      rounds: i === 0 && peer.roughMs > plan!.slow ? 1 : rounds,
    }));
    const [own, ...theirs] = await interleave([{ run, rounds }, ...turns]);
    const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
    const [plain = null, tuned = null] = await Promise.all(peers.map((p, i) => p.measurement(theirs[i]!)));
    return {
      name,
      multiplyAdds: await prepared.multiplyAdds(),
      ours: { times: own!, peakMemoryBytes },
      plain,
      tuned,
      search: found && { seconds: found.seconds, cut: found.cut, trials: found.trials },
    };
  } finally {
    for (const peer of peers) peer.stop();
  }
}

/** The reference, from a process that has ended when it is there. */
async function referenceAlone(body: BenchCase, tensors: NamedTensors, threads: number): Promise<Reference> {
  const peer = await startPeer(threads);
  try {
    return await referenceOf(peer, body, tensors);
  } finally {
    peer.stop();
  }
}

/** The peer as it comes, and its fastest variant where that is another. */
function variants(found: Found | null) {
  const first = found?.trials[0]?.variant;
  return !found || !first || variantKey(found.best) === variantKey(first) ? [null] : [null, found.best];
}

async function search(name: string, tensors: NamedTensors, threads: number, limits: SearchLimits) {
  const from = performance.now();
  const found = await tunePeer(name, tensors, threads, limits);
  return { ...found, seconds: (performance.now() - from) / 1000 };
}
