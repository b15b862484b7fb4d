import type { Dataset } from "../../data/dataset.ts";
import { type CriterionKind, criterionNamed } from "../../discrepancies/index.ts";
import { AttarError, type RandomKey, randomKey } from "../../engine/index.ts";
import {
  buildNetwork,
  type HypothesisSource,
  type Learned,
  mlp,
  type Network,
  type NetworkSolver,
  type PredictorSolver,
  solverNamed,
  sourceNamed,
} from "../../hypotheses/index.ts";
import { type DataSpace, type Labels, labelsOf, spaceNamed, type VariableTraits } from "../../synthetic/index.ts";
import { type Augmentation, parseAugmentation } from "../../tricks/index.ts";
import type { Configuration } from "../configuration.ts";
import { type Update, updateOf } from "../update.ts";
import { innerAugmentation } from "./innerAugmentation.ts";
import { type Outer, outerOf } from "./outer.ts";

/** The parts that a bilevel configuration names, made for one data set. */
export interface Setup {
  readonly key: RandomKey;
  readonly network: Network;
  readonly source: HypothesisSource;
  /** Hypotheses of a step. */
  readonly needed: number;
  readonly space: DataSpace;
  readonly labels: Labels;
  readonly solver: NetworkSolver | PredictorSolver;
  readonly outer: Outer;
  /** Learned beside S and its labels: by the solver, and by the criterion. */
  readonly learned: { readonly solver: Record<string, Learned>; readonly criterion: Record<string, Learned> };
  readonly update: Update;
  readonly augmentation: Augmentation | undefined;
}

/** Name of the labels among a run's variables. */
export const labelsName = "labels";

export function setup(dataset: Dataset, configuration: Configuration): Setup {
  const { ipc, seed, hypotheses, synthetic, update, imageLearningRate, imageMomentum, steps } = configuration;
  const { solver, criterion } = configuration as Required<Configuration>;
  const classes = dataset.classes.length;
  const key = randomKey(seed);
  const sourceKind = sourceNamed(hypotheses.name);
  const network = buildNetwork(sourceKind.most === 0 ? mlp() : configuration.network, dataset.shape, classes);
  const space = spaceNamed(synthetic.name).make(synthetic.options, dataset, ipc);
  const labels = labelsOf(configuration.labels!, classes, space.imagesPerClass);
  const augmentation = parseAugmentation(configuration.matching, dataset);
  const solverKind = solverNamed(solver.name);
  const criterionKind: CriterionKind = criterionNamed(criterion.name);
  const outer = outerOf(criterionKind, criterion.options, network);
  const made = solverKind.make(solver.options, {
    network,
    classes,
    imagesPerClass: space.imagesPerClass,
    key: key.fold("solver"),
    ...(augmentation && { augment: innerAugmentation(augmentation, dataset.shape) }),
    labels: labels.read,
    ...(outer.reads === "outputs" && { loss: outer.criterion.loss }),
  });
  const learned = {
    solver: { ...made.learned },
    criterion: outer.reads === "outputs" ? { ...outer.criterion.learned } : {},
  };
  const variables: Record<string, VariableTraits> = { ...space.variables };
  const add = (name: string, traits: VariableTraits) => {
    if (variables[name]) throw new AttarError("bad-combination", `two things that are learned are named "${name}"`, "");
    variables[name] = traits;
  };
  if (labels.learned) add(labelsName, { perClass: true, rate: labels.rate });
  for (const part of [learned.solver, learned.criterion])
    for (const [name, { rate }] of Object.entries(part)) add(name, { perClass: false, rate });
  return {
    key,
    network,
    source: sourceKind.make(hypotheses.options, network, key),
    needed: solverKind.hypotheses?.(solver.options) ?? 1,
    space,
    labels,
    solver: made,
    outer,
    learned,
    update: updateOf(update, { rate: imageLearningRate, momentum: imageMomentum, steps, classes, variables }),
    augmentation,
  };
}
