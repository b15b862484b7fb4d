import type { DatasetFacts } from "../data/reader.ts";
import { outputsOf } from "../data/valuesTarget.ts";
import { AttarError, type RandomKey, randomKey, resolveOptions } from "../engine/index.ts";
import { buildNetwork, type HypothesisSource, mlp, type Network, sourceNamed } from "../hypotheses/index.ts";
import {
  type DataSpace,
  Decoding,
  type Labels,
  labelOptions,
  labelsOf,
  spaceNamed,
  type Variables,
  type VariableTraits,
} from "../synthetic/index.ts";
import { type Augmentation, parseAugmentation, type RealProxy, trickNamed } from "../tricks/index.ts";
import type { Configuration } from "./configuration.ts";

/** The parts that a configuration names beside its objective, made for one data set. */
export interface Setup {
  readonly facts: DatasetFacts;
  readonly configuration: Configuration;
  readonly key: RandomKey;
  readonly network: Network;
  readonly source: HypothesisSource;
  readonly space: DataSpace;
  readonly decoding: Decoding;
  readonly labels: Labels;
  /** The variables of S by name: those of the data space, its labels where they are learned, and partners where they are read. */
  readonly variables: Readonly<Record<string, VariableTraits>>;
  readonly augmentation: Augmentation | undefined;
  readonly proxy: RealProxy | undefined;
  /** Classes that a step visits, ascending. */
  readonly active: (step: number) => number[];
  /**
   * The number of the occasion that a step sees: of its hypotheses, draws and samples of T. Its own, but where a private run
   * has fewer releases than steps: then these come again and again, in another order each time.
   */
  readonly occasion: (step: number) => number;
}

/** Name of the labels among a run's variables. */
export const labelsName = "labels";

/** Name of the partners among a run's variables: the real images that those of S started from, which never move. */
export const partnersName = "partners";

const readsPartners = ({ tricks }: Configuration): boolean =>
  tricks.some(({ name }) => {
    const trick = trickNamed(name);
    return trick.kind === "regularisation" && trick.real === "partners";
  });

/** The data space of a configuration over samples of a dataset. */
export const spaceIn = (facts: DatasetFacts, { synthetic, ipc }: Configuration): DataSpace =>
  spaceNamed(synthetic.name).make(synthetic.options, facts, ipc);

/** @throws AttarError where a part does not fit the data set. @param spaceOf the data space, where not that over the samples */
export function setup(
  facts: DatasetFacts,
  configuration: Configuration,
  spaceOf: (facts: DatasetFacts) => DataSpace = (own) => spaceIn(own, configuration),
): Setup {
  const { seed, hypotheses, tricks } = configuration;
  const classes = facts.classes.length;
  const key = randomKey(seed);
  const kind = sourceNamed(hypotheses.name);
  // A view of raw input looks through no network; the smallest one stands in for the labels' sake.
  const network = buildNetwork(kind.atOnce === 0 ? mlp() : configuration.network, facts.shape, outputsOf(facts));
  const space = spaceOf(facts);
  const labels = labelsOf(
    configuration.labels ?? resolveOptions("the labels", labelOptions, {}),
    facts,
    space.imagesPerClass,
  );
  const all = Array.from({ length: classes }, (_, c) => c);
  let proxy: RealProxy | undefined;
  let active = (_step: number): number[] => all;
  for (const { name, options } of tricks) {
    const trick = trickNamed(name);
    if (trick.kind === "proxy") proxy = trick.make(options);
    if (trick.kind === "partition") {
      const choose = trick.make(options);
      active = (step) => choose(step, classes);
    }
  }
  const source = kind.make(hypotheses.options, network, key);
  refuseReuse(configuration, source);
  return {
    facts,
    configuration,
    key,
    network,
    source,
    space,
    decoding: new Decoding(space, classes),
    labels,
    variables: {
      ...space.variables,
      ...(labels.learned && { [labelsName]: { perClass: true, rate: labels.rate } }),
      ...(readsPartners(configuration) && { [partnersName]: { perClass: true, rate: 0, frozen: true } }),
    },
    augmentation: parseAugmentation(configuration.matching, facts),
    proxy,
    active,
    occasion: occasionOf(configuration, key),
  };
}

/** @throws AttarError where releases would be used again that belong to what a run has left behind */
function refuseReuse({ method, privacy, steps, tricks }: Configuration, source: HypothesisSource): void {
  if (!privacy || privacy.releases >= steps) return;
  const moving = source.trainedImages(1, steps) > 0 ? "networks that train between steps" : undefined;
  const parted = tricks.some(({ name }) => trickNamed(name).kind === "partition")
    ? "other classes every step"
    : undefined;
  const why = moving ?? parted;
  if (why)
    throw new AttarError(
      "bad-combination",
      `${method} looks at ${why}, so that none of its ${privacy.releases} releases serves a second step`,
      "--set privacy.releases=0, one a step",
    );
}

function occasionOf({ privacy, steps }: Configuration, key: RandomKey): Setup["occasion"] {
  if (!privacy || privacy.releases >= steps) return (step) => step;
  const { releases } = privacy;
  const orders = new Map<number, Uint32Array>();
  return (step) => {
    const round = Math.floor(step / releases);
    if (round === 0) return step;
    const order = orders.get(round) ?? key.fold("releases").fold(round).permutation(releases);
    orders.set(round, order);
    return order[step % releases]!;
  };
}

/** The variables as a step sees them: with codes of its own, where every step draws codes anew. */
export const seenAt = ({ space, key }: Pick<Setup, "space" | "key">, variables: Variables, step: number): Variables =>
  space.drawn === undefined ? variables : space.draws!(variables, space.drawn, key.fold("codes").fold(step));

/** The class of every image that a network trains on, class by class. */
export function classesOfImages({ facts, space }: Pick<Setup, "facts" | "space">): Int32Array {
  const each = space.imagesPerClass;
  return Int32Array.from({ length: facts.classes.length * each }, (_, i) => Math.floor(i / each));
}

/** The tensors of some names. */
export const pick = (variables: Variables, names: object): Variables =>
  Object.fromEntries(Object.keys(names).map((name) => [name, variables[name]!]));
