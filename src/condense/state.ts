import type { Tensors } from "../engine/index.ts";

export type { Tensors };

/**
 * The tensors that a run keeps between steps, by the part that owns them: `variables` (what is learned: "images"
 * [classes · ipc, C, H, W], class-major, and whatever else the data space, the labels, the solver and the criterion have),
 * `update` (what the update rule keeps of them, e.g. momentum), `hypotheses` (networks under training with their
 * optimizer's state), `proxy` (what the choice of real images keeps), `guard` (what divergence is told by); and whatever an
 * objective or the reader of T keeps beside these (`Stateful`).
 */
export interface Slots {
  readonly variables: Tensors;
  readonly [part: string]: Tensors;
}

/** All that a run is at a step boundary; everything else is a function of the configuration and the step. */
export interface State {
  /** Steps taken. */
  readonly step: number;
  readonly slots: Slots;
}

/** The tensors of a part; none where it keeps nothing. */
export const slotOf = ({ slots }: Pick<State, "slots">, part: string): Tensors => slots[part] ?? {};
