/** Elementary operations between two turns of the event loop: some 50 milliseconds of plain JavaScript. */
const slice = 2 ** 25;

/** Lets whatever waits for the event loop go first: a signal from the keyboard, an answer from a device. */
export const turn = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else setTimeout(resolve);
  });

/**
 * The pace of a long computation on the host: it gives the event loop a turn after so much work, and ends where its signal is
 * aborted. Work is counted, not timed, and what is computed does not depend on where it pauses.
 *
 * @example
 * for (const row of rows) {
 *   search(row);
 *   if (pace.spent(row.length)) await pace.pause();
 * }
 */
export class Pace {
  private left = slice;

  constructor(readonly signal?: AbortSignal) {}

  /** Counts operations that were done; whether a pause is due. */
  spent(operations: number): boolean {
    this.left -= operations;
    return this.left <= 0;
  }

  /** Gives the event loop a turn. Rejects with the signal's reason where it is aborted. */
  async pause(): Promise<void> {
    this.left = slice;
    await turn();
    this.signal?.throwIfAborted();
  }
}
