/** Runs once and returns its own duration in milliseconds. */
export type TimedRun = () => Promise<number>;

/** One of those that are timed in turn. */
export interface Side {
  readonly run: TimedRun;
  /** The rounds in which it takes part, from the first. */
  readonly rounds: number;
}

/**
 * Times several sides in turn, so that whatever else the machine does falls on all. Who goes first changes every round, and
 * `pause` milliseconds before every turn let the others' threads go to sleep.
 *
 * @returns milliseconds of each round, by side.
 */
export async function interleave(sides: readonly Side[], pause = 50): Promise<readonly (readonly number[])[]> {
  const times = sides.map((): number[] => []);
  const turns = sides.map((side, i) => ({ ...side, into: times[i]! }));
  const rounds = Math.max(0, ...sides.map((side) => side.rounds));
  for (let round = 0; round < rounds; round++) {
    const present = turns.filter((turn) => round < turn.rounds);
    const first = round % present.length;
    for (const { run, into } of [...present.slice(first), ...present.slice(0, first)]) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      into.push(await sustained(run));
    }
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
