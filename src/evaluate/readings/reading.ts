import type { Dataset } from "../../data/dataset.ts";
import type { ValuesTarget } from "../../data/valuesTarget.ts";
import type { OptionRules, RandomKey, Resolved, Tensor } from "../../engine/index.ts";
import type { LabelledBatch, Network, NetworkSpec, Params } from "../../hypotheses/index.ts";

/**
 * The kinds of numbers that readings yield, and the range of each: shares of samples, −log probabilities, squared distances
 * between a distribution over classes and a one-hot row, shares of a variance, distances in the units of what is predicted, differences
 * of shares, ratios, and counts.
 */
export const units = {
  fraction: { least: 0, most: 1 },
  nats: { least: 0, most: Number.MAX_VALUE },
  "squared-distance": { least: 0, most: 2 },
  "explained-variance": { least: -Number.MAX_VALUE, most: 1 },
  target: { least: 0, most: Number.MAX_VALUE },
  difference: { least: -1, most: 1 },
  ratio: { least: 0, most: Number.MAX_VALUE },
  count: { least: 0, most: Number.MAX_VALUE },
} as const satisfies Record<string, { readonly least: number; readonly most: number }>;

export type Unit = keyof typeof units;

/** The weights of a trained network: what `network.logits` takes beside images. */
export interface Weights {
  readonly network: Network;
  readonly params: Params;
  /** Running statistics, of a network that normalises by batch. */
  readonly statistics?: Params;
}

/** A network after training, as an evaluation reads it and hands it out. */
export interface TrainedNetwork {
  readonly spec: NetworkSpec;
  /** `logits` have a softmax that is its distribution over classes; `values` are a regression on the labels, and have none. */
  readonly outputs: "logits" | "values";
  /** The outputs [n, classes] for images [n, C, H, W] on the set's normalisation. */
  predict(images: Tensor): Promise<Tensor>;
  /** The network's parameters; left out of an infinitely wide network, which has a kernel in their place. */
  readonly weights?: Weights;
  /** The images that it was trained on and how often it saw each; left out of an infinitely wide network. */
  readonly training?: { readonly images: number; readonly passes: number };
}

/** The samples that a trained network is read on: a test split. */
export interface Samples {
  /** The dataset that they are the test split of, on the set's normalisation: samples as they are stored. */
  readonly dataset: Pick<Dataset, "test" | "shape" | "normalisation">;
  /** Ends a reading that takes long. */
  readonly signal?: AbortSignal | undefined;
  /** The class of each sample, or the bin of the numbers that are predicted of it. */
  readonly labels: Int32Array;
  /** The numbers to predict, where what is predicted is no class: [n, k], standardised as `target` says. */
  readonly values?: Float32Array;
  readonly target?: ValuesTarget;
  /** The number of classes. */
  readonly classes: number;
  /** Samples as networks see them, a batch at a time, in their order: for readings that look at more than outputs. */
  batches(): AsyncIterable<LabelledBatch>;
  /** The network's outputs for all of them, [n, classes] or [n, k]: computed when first asked for, and shared by all readings. */
  outputs(): Promise<Tensor>;
}

/** What of the samples is known before a network is trained: by it a reading names its values, or refuses. */
export type Asked = Pick<Samples, "labels" | "classes" | "target"> & { readonly shape?: Dataset["shape"] };

/** A reading: values that a protocol takes of every trained network. */
export interface Reading<R extends OptionRules = OptionRules> {
  /** The name in protocols and on the command line. */
  readonly name: string;
  /** One line for tables. */
  readonly title: string;
  readonly options: R;
  /** Options that a text names by their place alone, before the others. */
  readonly leading?: readonly string[];
  /** The unit of its values, but of those that `units` names. */
  readonly unit: Unit;
  readonly units?: Readonly<Record<string, Unit>>;
  readonly better: "higher" | "lower";
  /** The networks that it reads: those that classify, or those that predict numbers; the others are refused. */
  readonly target: "classes" | "values";
  /** True where it needs a distribution over classes: networks whose outputs are values are refused. */
  readonly needsLogits: boolean;
  /** True where it reads gradients: infinitely wide networks, which have a kernel in place of weights, are refused. */
  readonly needsWeights?: boolean;
  /**
   * The names of its values on these samples, the reading's own for its chief value.
   *
   * @param options the reading's own; its defaults where left out
   *
   * @throws AttarError "bad-combination" where there are too few classes for it
   */
  names(samples: Asked, options?: Resolved<R>): readonly string[];
  /** Takes the reading: values by name. The key is for draws of its own; equal keys give equal values. */
  of(
    network: TrainedNetwork,
    samples: Samples,
    options: Resolved<R>,
    key: RandomKey,
  ): Promise<Readonly<Record<string, number>>>;
}
