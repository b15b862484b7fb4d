import type { Array as Traced } from "@jax-js/jax";
import type { Dataset } from "../data/dataset.ts";
import type { Cited, OptionRules, OptionValues, RandomKey, Tensor } from "../engine/index.ts";

/** What is learned, by name: the state of S. */
export type Variables = Readonly<Record<string, Tensor>>;
export type TracedVariables = { [name: string]: Traced };

/** One learned variable. */
export interface VariableTraits {
  /** Whether its first axis is made of equal shares, one a class; one that is not belongs to all classes. */
  readonly perClass: boolean;
  /** Factor on the learning rate. */
  readonly rate: number;
}

/** Where S lives, for one data set and number of images: variables, and how they become images. */
export interface DataSpace {
  readonly variables: Readonly<Record<string, VariableTraits>>;
  /** Images that a class's variables are decoded into: what a network trains on. */
  readonly imagesPerClass: number;
  /** Real images of a class that it starts from, where it does not start from noise. */
  readonly startImages: number;
  /** At most so many of them enter a step, drawn at random; 0 for all. */
  readonly most: number;
  /** Floats of all variables: what S costs to keep, beside its labels. */
  readonly storedFloats: number;
  /** The variables before the first step; rejects where the signal is aborted. @param how an initialisation's name. */
  initial(how: string, key: RandomKey, signal?: AbortSignal): Promise<Variables>;
  /**
   * Images in the training normalisation: variables of G classes ([G, share, …] where they are per class, as they are
   * elsewhere) → [G, imagesPerClass, C, H, W]. Runs inside a trace; consumes the variables.
   */
  decode(variables: TracedVariables): Traced;
  /** Whether `decode` does nothing but regroup. */
  readonly plain: boolean;
  /** What happens to the variables once a step is taken, e.g. clamping; `renewed`: the next step sees a new hypothesis. */
  settle(variables: Variables, renewed: boolean): Variables;
}

/** A kind of data space by its traits; `make` fixes options, data set and images per class. */
export interface SpaceKind extends Cited {
  readonly title: string;
  readonly reference: string;
  readonly options: OptionRules;
  /** What is stored and what a network trains on, in a sentence. */
  storage(options: OptionValues): string;
  /** @throws AttarError where it does not fit the data. */
  make(options: OptionValues, dataset: Dataset, ipc: number): DataSpace;
}
