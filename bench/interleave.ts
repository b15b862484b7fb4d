/** Runs once and returns its own duration in milliseconds. */
export type TimedRun = () => Promise<number>;

export interface Interleaved {
  /** Milliseconds of each round. */
  readonly ours: readonly number[];
  /** As many, of the same rounds; empty without a peer. */
  readonly peer: readonly number[];
}

/**
 * Times two runs in turn, so that whatever else the machine does falls on both. Who goes first changes every round, and
 * `pause` milliseconds before every turn let the other's threads go to sleep.
 */
export async function interleave(rounds: number, ours: TimedRun, peer?: TimedRun, pause = 50): Promise<Interleaved> {
  const times: { ours: number[]; peer: number[] } = { ours: [], peer: [] };
  const turns = [{ run: ours, into: times.ours }, ...(peer ? [{ run: peer, into: times.peer }] : [])];
  for (let round = 0; round < rounds; round++) {
    for (const { run, into } of turns) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      into.push(await sustained(run));
    }
    turns.reverse();
  }
  return times;
}

/** Mean of runs one after another until they have taken `least` milliseconds: a condensation takes a short step many times. */
export async function sustained(run: TimedRun, least = 150): Promise<number> {
  let [total, count] = [0, 0];
  while (total < least) {
    total += await run();
    count += 1;
  }
  return total / count;
}

/** A run that is timed around its promise, the way to the engine's threads and back included. */
export function timed(run: () => Promise<unknown>): TimedRun {
  return async () => {
    const started = performance.now();
    await run();
    return performance.now() - started;
  };
}
