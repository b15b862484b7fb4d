/** Learning-rate schedules by name; each is a factor in [0, 1] on the base rate. */
export type Schedule = "constant" | "step" | "cosine";

/**
 * Factor at an epoch of 0…epochs−1. `step` drops to a tenth after epoch ⌊epochs/2⌋ + 1, where the field's reference code
 * also rebuilds its optimizer; `cosine` falls from 1 to 0.
 */
export function scheduleFactor(schedule: Schedule, epoch: number, epochs: number): number {
  if (schedule === "step") return epoch > dropEpoch(epochs) ? 0.1 : 1;
  if (schedule === "cosine") return 0.5 * (1 + Math.cos((Math.PI * epoch) / epochs));
  return 1;
}

/** The last epoch before the drop of `step`. */
export const dropEpoch = (epochs: number): number => Math.floor(epochs / 2) + 1;
