import type { Dataset } from "../../data/dataset.ts";
import { type RandomKey, randomKey } from "../../engine/index.ts";
import { buildNetwork, type HypothesisSource, mlp, type Network, sourceNamed } from "../../hypotheses/index.ts";
import { type DataSpace, spaceNamed } from "../../synthetic/index.ts";
import { type Augmentation, parseAugmentation, type RealProxy, trickNamed } from "../../tricks/index.ts";
import type { Configuration } from "../configuration.ts";
import { type Update, updateOf } from "../update.ts";
import { type Term, termsOf } from "./terms.ts";

/** The parts that a configuration names, made for one data set. */
export interface Setup {
  readonly key: RandomKey;
  readonly network: Network;
  readonly source: HypothesisSource;
  readonly space: DataSpace;
  readonly update: Update;
  readonly terms: readonly Term[];
  readonly augmentation: Augmentation | undefined;
  readonly proxy: RealProxy | undefined;
  /** Classes that a step visits, ascending. */
  readonly active: (step: number) => number[];
}

export function setup(dataset: Dataset, configuration: Configuration): Setup {
  const { ipc, seed, hypotheses, synthetic, update, imageLearningRate, imageMomentum, steps } = configuration;
  const classes = dataset.classes.length;
  const key = randomKey(seed);
  const kind = sourceNamed(hypotheses.name);
  // A view of raw input looks through no network; the smallest one stands in for the labels' sake.
  const network = buildNetwork(kind.most === 0 ? mlp() : configuration.network, dataset.shape, classes);
  const space = spaceNamed(synthetic.name).make(synthetic.options, dataset, ipc);
  const all = Array.from({ length: classes }, (_, c) => c);
  let proxy: RealProxy | undefined;
  let active = (_step: number): number[] => all;
  for (const { name, options } of configuration.tricks) {
    const trick = trickNamed(name);
    if (trick.kind === "proxy") proxy = trick.make(options);
    if (trick.kind === "partition") {
      const choose = trick.make(options);
      active = (step) => choose(step, classes);
    }
  }
  return {
    key,
    network,
    source: kind.make(hypotheses.options, network, key),
    space,
    update: updateOf(update, {
      rate: imageLearningRate,
      momentum: imageMomentum,
      steps,
      classes,
      variables: space.variables,
    }),
    terms: termsOf(configuration, network),
    augmentation: parseAugmentation(configuration.matching, dataset),
    proxy,
    active,
  };
}
