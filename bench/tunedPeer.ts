import { allocators } from "./allocators.ts";
import type { NamedTensors } from "./namedTensors.ts";
import { Peer } from "./peer.ts";
import type { AxisValue, AxisValues, PeerVariant } from "./peerVariant.ts";
import { type Found, greedySearch, type TrialResult } from "./search.ts";

/** How long the search for the peer's fastest variant of one case may take. */
export interface SearchLimits {
  /** Milliseconds after which no new variant is tried. */
  readonly search: number;
  /** Milliseconds that one variant may take, its compilation included; past that its process is ended. */
  readonly variant: number;
  /** Milliseconds of runs of a variant once it is warm, at most three runs. */
  readonly runs: number;
}

/**
 * Starts the peer with an allocator's settings.
 *
 * @param name one of {@link allocators}; the first of them where it is left out.
 */
export function startPeer(threads: number, name?: AxisValue): Promise<Peer> {
  const among = allocators();
  const { environment } = among.find((a) => a.name === name) ?? among[0]!;
  return Peer.start({ threads, environment });
}

/** Finds the fastest of the peer's variants of a case; every allocator needs a process of its own. */
export async function tunePeer(
  name: string,
  tensors: NamedTensors,
  threads: number,
  limits: SearchLimits,
): Promise<Found> {
  const trials = new Trials(name, tensors, threads, limits);
  try {
    const options = { allocator: allocators().map((a) => a.name), ...(await trials.options()) };
    return await greedySearch(options, (variant) => trials.time(variant), limits.search);
  } finally {
    trials.end();
  }
}

/** One process at a time, started anew where the allocator changes or a variant had to be stopped. */
class Trials {
  private peer?: Peer;
  private allocator?: string;

  constructor(
    private readonly name: string,
    private readonly tensors: NamedTensors,
    private readonly threads: number,
    private readonly limits: SearchLimits,
  ) {}

  async options(): Promise<AxisValues> {
    return (await this.with(allocators()[0]!.name)).options(this.name);
  }

  async time(variant: PeerVariant): Promise<TrialResult> {
    const peer = await this.with(String(variant.allocator));
    const limit = timeout(this.limits.variant);
    try {
      const run = async () => {
        await peer.load(this.name, this.tensors, variant);
        return { ms: await peer.trial(this.limits.runs) };
      };
      return await Promise.race([run(), limit.reached]);
    } catch (error) {
      this.drop();
      return { failure: reason(error) };
    } finally {
      limit.clear();
    }
  }

  end(): void {
    this.peer?.stop();
  }

  private async with(allocator: string): Promise<Peer> {
    if (this.peer && this.allocator === allocator) return this.peer;
    this.peer?.stop();
    this.allocator = allocator;
    this.peer = await startPeer(this.threads, allocator);
    return this.peer;
  }

  private drop(): void {
    this.peer?.kill();
    this.peer = undefined;
  }
}

function timeout(milliseconds: number) {
  let timer: NodeJS.Timeout | undefined;
  const reached = new Promise<never>((_, reject) => {
    const seconds = Math.round(milliseconds / 1000);
    timer = setTimeout(() => reject(new Error(`not done within ${seconds} s`)), milliseconds);
  });
  return { reached, clear: () => clearTimeout(timer) };
}

/** The first line of an error, shortened. */
function reason(error: unknown): string {
  const [line] = String((error as Error).message).split("\n");
  return line!.length > 160 ? `${line!.slice(0, 157)}...` : line!;
}
