import type { Stateful } from "../engine/stateful.ts";
import { Tensor } from "../engine/tensor.ts";

/** The slot of a private run's state: the numbers of the releases that its steps have used, ascending. */
export const privacySlot = "privacy";

/**
 * The account of a private run, kept in its state: a checkpoint knows what was released up to it.
 *
 * @param taken the numbers of the releases that this process has drawn
 */
export const releasesBooked = (taken: () => readonly number[]): Stateful => ({
  slot: privacySlot,
  initial: () => booked([]),
  after: (_step, { releases }) => booked([...Array.from(releases?.data ?? []), ...taken()]),
});

const booked = (numbers: readonly number[]) => {
  const different = Int32Array.from(new Set(numbers)).sort();
  return { releases: new Tensor(different, [different.length], "int32") };
};
