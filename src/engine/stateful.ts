import type { Tensor } from "./tensor.ts";

/** Tensors by name. */
export type Tensors = Readonly<Record<string, Tensor>>;

/**
 * A part that keeps tensors between the steps of a run. It owns the slot of its name in the run's state, and keeps nothing
 * elsewhere: what it kept is handed to it and handed back, goes into checkpoints byte for byte, and a resumed run goes on as
 * if it had never stopped.
 */
export interface Stateful<Taken = { readonly step: number }> {
  /** The slot's name, with which the names of its tensors begin in checkpoints. */
  readonly slot: string;
  /** The slot before the first step; nothing where left out. @param variables what is learned */
  initial?(variables: Tensors): Tensors;
  /**
   * The slot after a step; as it was where left out.
   *
   * @param taken the step that was taken
   * @param kept the slot: as the step before left it, or as this one has changed it on its way
   */
  after?(taken: Taken, kept: Tensors): Tensors | Promise<Tensors>;
  /** Frees what the part holds beside its slot. */
  dispose?(): void;
}
