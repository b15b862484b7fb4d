import type { CondensedSet, Dataset } from "../../data/dataset.ts";
import type { Cited, OptionRules, OptionValues, Resolved } from "../../engine/index.ts";
import type { TrainingSet } from "../../hypotheses/index.ts";

/** The samples that networks train on when a set is scored, by name and options. JSON-serialisable: a part of a protocol. */
export interface SamplingSpec {
  readonly name: string;
  readonly options: OptionValues;
}

/** The set that is scored, and the circumstances. */
export interface SamplingContext {
  readonly set: CondensedSet;
  /** The dataset on the set's normalisation. */
  readonly dataset: Dataset;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after each pass of a network that is trained beforehand, with how many there are of it. */
  readonly onPass?: ((pass: number, passes: number, loss: number) => void) | undefined;
}

/** A way of sampling, made for one set. */
export interface Sampler {
  /** What networks train on in place of a set: the set that is scored, or where `coresetsToo` is said any. */
  of(set: TrainingSet): Promise<TrainingSet>;
  /** Images of a batch that are standardised together, of training and of test images; images as they are where left out. */
  readonly standardised?: number;
  dispose(): void;
}

/** A way of sampling by its traits. */
export interface Sampling<R extends OptionRules = OptionRules> extends Cited {
  readonly title: string;
  readonly reference: string;
  readonly options: R;
  /** True where the coresets beside a set are sampled in the same way; else they train on their images. */
  readonly coresetsToo?: boolean;
  /** @throws AttarError "bad-combination" (exit code 2) where the set has not what it takes */
  make(options: Resolved<R>, context: SamplingContext): Promise<Sampler>;
}

/** Declares a way of sampling: `make` sees the values that its rules allow, by their types. */
export const declareSampling = <const R extends OptionRules>(sampling: Sampling<R>): Sampling<R> => sampling;
