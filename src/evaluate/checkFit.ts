import { type CondensedSet, type Dataset, withheldChecksum } from "../data/dataset.ts";
import { knownDataset } from "../data/knownDatasets.ts";
import { AttarError } from "../engine/index.ts";

/**
 * Refuses a set whose images or classes are not the dataset's. Class names must agree, in order: a label of one is a label of
 * the other.
 *
 * @param from the checksum of the dataset that the set was condensed from; the set's own where left out
 * @throws AttarError "set-does-not-fit"; "other-split" where a share is held out that the set may have been made from
 */
export function checkFit(set: CondensedSet, dataset: Dataset, from: string = set.datasetChecksum): void {
  const refuse = (what: string) => {
    throw new AttarError(
      "set-does-not-fit",
      what,
      knownDataset(set.dataset)
        ? `evaluate it on the dataset it was condensed from: --on ${set.dataset}`
        : `evaluate it on the dataset it was condensed from, "${set.dataset}": --on and its path`,
    );
  };
  const classes = dataset.classes.length;
  if (String(set.shape) !== String(dataset.shape) || set.classes.length !== classes)
    refuse(
      `the set holds ${set.shape.join("x")} images of ${set.classes.length} classes, ${dataset.name} has ${dataset.shape.join("x")} and ${classes}`,
    );
  const share = dataset.reading?.options?.testShare;
  const ofIt = share !== undefined && set.dataset === dataset.name;
  if (ofIt && from === withheldChecksum)
    throw new AttarError(
      "other-split",
      `a private set keeps to itself which rows of ${dataset.name} it was condensed from: those that --test-share ${share} holds out may be among them`,
      "evaluate the folder of its run, whose run.json says it",
    );
  if (ofIt && from !== dataset.checksum)
    throw new AttarError(
      "other-split",
      `the set was condensed from other rows of ${dataset.name} than --test-share ${share} leaves: rows that it is tested on may be in it`,
      `condense it again with --test-share ${share}, or evaluate it with the share that its run.json has under reading`,
    );
  if (String(set.target?.names ?? "") !== String(dataset.target?.names ?? ""))
    refuse(
      `the set was condensed to predict ${predictedBy(set)}, and of ${dataset.name} are predicted ${predictedBy(dataset)}`,
    );
  if (set.target) return;
  const other = set.classes.findIndex((name, c) => name !== dataset.classes[c]);
  if (other >= 0)
    refuse(
      `class ${other} of the set is "${set.classes[other]}", in ${dataset.name} it is "${dataset.classes[other]}"`,
    );
  if (set.labels.some((label) => label < 0 || label >= classes))
    refuse(`the set has a label outside 0 to ${classes - 1}`);
}

const predictedBy = ({ target }: Pick<CondensedSet, "target">) => target?.names.join(", ") ?? "classes";
