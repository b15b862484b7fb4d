/** The course of the learning rate over a training of `epochs`. */
export interface Schedule {
  /** Passes over the set that `epochs` stands for. */
  passes(epochs: number): number;
  /** Factor of the learning rate in pass 0, 1, … */
  factor(pass: number, epochs: number): number;
  /** Tells whether the optimizer starts afresh (momentum zero) before this pass. */
  restarts(pass: number, epochs: number): boolean;
}

/**
 * - `step`: the field's protocol. Passes 0 … epochs, one more than `epochs` says; from pass ⌊epochs/2⌋ + 2 on the rate is a
 *   tenth, and the optimizer is made anew there. Source: `evaluate_synset` of the DatasetCondensation code.
 * - `cosine`: (1 + cos(π · pass / epochs)) / 2.
 * - `warmup-cosine`: from 0 up to 1 over the first half, 500 passes at most, then a cosine down to 0.01.
 * - `constant`: 1.
 */
export const schedules = {
  step: {
    passes: (epochs) => epochs + 1,
    factor: (pass, epochs) => (pass < drop(epochs) ? 1 : 0.1),
    restarts: (pass, epochs) => pass === drop(epochs),
  },
  cosine: {
    passes: (epochs) => epochs,
    factor: (pass, epochs) => (1 + Math.cos((Math.PI * pass) / epochs)) / 2,
    restarts: () => false,
  },
  "warmup-cosine": {
    passes: (epochs) => epochs,
    factor: (pass, epochs) => {
      const warm = Math.min(500, epochs / 2);
      return pass < warm ? pass / warm : 0.01 + 0.495 * (1 + Math.cos((Math.PI * (pass - warm)) / (epochs - warm)));
    },
    restarts: () => false,
  },
  constant: { passes: (epochs) => epochs, factor: () => 1, restarts: () => false },
} as const satisfies Record<string, Schedule>;

/** First pass at the lower rate: the field's loop lowers it after the pass of index ⌊epochs/2⌋ + 1. */
const drop = (epochs: number) => Math.floor(epochs / 2) + 2;

export type ScheduleName = keyof typeof schedules;
