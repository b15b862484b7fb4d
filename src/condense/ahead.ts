import { turn } from "../engine/index.ts";

/**
 * Makes what the next step needs and depends on the step alone, while the devices compute this one. Where there is nothing
 * made it is made when it is asked for; the result is the same.
 */
export class Ahead<T> {
  private next?: { readonly step: number; readonly made: Promise<T> };

  /** @param make awaits `pause` now and then, so that answers from the devices are not kept waiting. */
  constructor(private readonly make: (step: number, pause: () => Promise<void>) => Promise<T>) {}

  /** The step's value: made before where it was, else made now. */
  of(step: number): Promise<T> {
    const { next } = this;
    this.next = undefined;
    return next?.step === step ? next.made : this.make(step, async () => {});
  }

  /** Begins as soon as the caller waits for something else. */
  prepare(step: number): void {
    const made = turn().then(() => this.make(step, turn));
    // Whoever asks for it hears of a failure.
    made.catch(() => {});
    this.next = { step, made };
  }
}
