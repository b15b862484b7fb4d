import type { Array as Traced } from "@jax-js/jax";
import type { DatasetInfo } from "../data/datasetInfo.ts";
import type { DatasetFacts, RealReader } from "../data/reader.ts";
import type { Cited, OptionRules, RandomKey, Resolved, Serving, Tensor } from "../engine/index.ts";
import type { Generator } from "../generators/index.ts";
import type { ChosenRule } from "./select.ts";

/** The variables that are learned, by name: the state of S. */
export type Variables = Readonly<Record<string, Tensor>>;
export type TracedVariables = { [name: string]: Traced };

/** One learned variable. */
export interface VariableTraits {
  /** True where the first axis is made of equal shares, one a class; a variable without shares belongs to all classes. */
  readonly perClass: boolean;
  /** Factor on the learning rate. */
  readonly rate: number;
  /** True where it is read and never moves, nor is a gradient taken in it: the weights of a generator, the labels it is given. */
  readonly frozen?: boolean;
}

/** The facts of a dataset that a data space's sizes depend on. */
export type SpaceGround = Pick<DatasetInfo, "name" | "domain" | "classes" | "whitened">;

/** The part of a dataset that a data space's sizes depend on. */
export const groundOf = ({ name, domain, classes, normalisation }: DatasetFacts): SpaceGround => ({
  name,
  domain,
  classes,
  whitened: normalisation.zca !== undefined,
});

/** The sizes of a data space. */
export interface SpaceExtent {
  /** Images that a class's variables are decoded into: what a network trains on. */
  readonly imagesPerClass: number;
  /**
   * Images that each stored sample of a class stands for, one after the other: a step of training on S sees every sample in one rendering,
   * the same for all. 1 where left out.
   */
  readonly renderings?: number;
  /** Real images of a class that it starts from, where it does not start from noise. */
  readonly startImages: number;
  /** What S costs to keep, beside its labels: floats of its variables, or of its images where these are fewer. */
  readonly storedFloats: number;
  /** The floats of the variables, where they are codes and what decodes them. */
  readonly form?: StoredForm;
}

/** The floats that S takes as codes: those of the classes, and those of what decodes them, which all classes share. */
export interface StoredForm {
  readonly codes: number;
  readonly decoder: number;
  /** True where what decodes them was trained elsewhere, and not on T. */
  readonly outside?: true;
}

/** `decode` as a chain of which every step is the same under other numbers. Its functions consume what they are given. */
export interface StagedDecode {
  /** The numbers of each step, by name. */
  readonly steps: readonly Readonly<Record<string, Tensor>>[];
  /** Names of the variables that each stage reads. */
  readonly reads: {
    readonly begin: readonly string[];
    readonly step: readonly string[];
    readonly end: readonly string[];
  };
  /** The state before the first step, [G · imagesPerClass, …]. */
  begin(variables: TracedVariables): Traced;
  step(variables: TracedVariables, state: Traced, numbers: { [name: string]: Traced }): Traced;
  /** [G, imagesPerClass, C, H, W]. @param groups G */
  end(variables: TracedVariables, state: Traced, groups: number): Traced;
}

/** The space that S lives in, for one data set and number of images: its variables, and their way to images. */
export interface DataSpace extends SpaceExtent {
  readonly variables: Readonly<Record<string, VariableTraits>>;
  /** The largest number of training images of a class that enter a step, drawn at random; 0 for all. */
  readonly most: number;
  /** The variables before the first step; rejects where the signal is aborted. @param how an initialisation. */
  initial(how: ChosenRule, key: RandomKey, reader: RealReader, signal?: AbortSignal): Promise<Variables>;
  /**
   * Images in the training normalisation: variables of G classes ([G, share, …] where they are per class, as they are
   * elsewhere) → [G, imagesPerClass, C, H, W]. Runs inside a trace; consumes the variables.
   */
  decode(variables: TracedVariables): Traced;
  /** `decode` in stages that the host runs one after the other, where the space has any: decoding is done so, outside of a step's graph. */
  readonly staged?: StagedDecode;
  /** Codes of a class that every step draws anew in place of those that are kept, which are published; none where left out. */
  readonly drawn?: number;
  /**
   * The variables with `each` codes of every class drawn by a key, where codes have a prior. A drawn share may have another length than
   * those that are kept.
   */
  draws?(variables: Variables, each: number, key: RandomKey): Variables;
  /** The generator whose codes it has, and the names that its weights have among the variables. */
  readonly generator?: { readonly made: Generator; weightName(layer: string, name: string): string };
  /** True where `decode` does nothing but regroup. */
  readonly plain: boolean;
  /** Changes the variables once a step is taken, e.g. clamps them; `renewed`: the next step sees a new hypothesis. */
  settle(variables: Variables, renewed: boolean): Variables;
}

/** A kind of data space by its traits; `make` fixes options, data set and images per class. */
export interface SpaceKind<R extends OptionRules = OptionRules> extends Cited, Serving {
  readonly title: string;
  readonly reference: string;
  readonly options: R;
  /** The numbers that are stored and the images that a network trains on, in a sentence. */
  storage(options: Resolved<R>): string;
  /** The sizes of S, for which no sample is needed. @throws AttarError "bad-combination" where it does not fit the data. */
  extent(options: Resolved<R>, ground: SpaceGround, ipc: number): SpaceExtent;
  /** @throws AttarError as `extent` does. */
  make(options: Resolved<R>, facts: DatasetFacts, ipc: number): DataSpace;
}

/** Declares a kind of data space: `storage` and `make` see the values that its rules allow, by their types. */
export const declareSpace = <const R extends OptionRules>(kind: SpaceKind<R>): SpaceKind<R> => kind;
