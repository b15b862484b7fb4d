import { size } from "../../engine/tensor.ts";
import { badData } from "../badData.ts";
import type { Dataset, Split } from "../dataset.ts";
import { makeDataset, type NormalisationKind } from "../makeDataset.ts";
import { rowsOf } from "../rowsOf.ts";
import { isPlain } from "../table/preparation.ts";
import { binNote, isBinNote, originalValues, targetOfValues } from "../valuesTarget.ts";
import { heldOutRows, heldOutText } from "./heldOut.ts";
import { alreadySplit } from "./splitOptions.ts";

/**
 * A dataset with a share of its training split held out as its test split. Normalisation and numbers to predict are measured
 * again, on the rows that are left.
 *
 * @throws AttarError "bad-option" where there is a test split already, "bad-data" where no class has two rows
 */
export function holdOut(dataset: Dataset, share: number, kind?: NormalisationKind): Promise<Dataset> {
  const { train, test, classes, shape, source, reading } = dataset;
  if (test.labels.length > 0) throw alreadySplit(source, reading?.testSplit ?? "its own");
  if (dataset.table && !isPlain(dataset.table))
    throw badData(
      source,
      "lacks values, and what they are imputed by would be measured on the rows that are held out as well",
      "Save the rows to test on as x_test and y_test, or the table as CSV or Parquet, of which --test-share holds rows out first.",
    );
  const rows = heldOutRows(train.labels, classes, share, source);
  const part = (own: Int32Array): Split => ({
    images: rowsOf(train.images, size(shape), Array.from(own)),
    labels: Int32Array.from(own, (i) => train.labels[i]!),
  });
  const values = dataset.target && train.values && originalValues(train.values, dataset.target);
  const numbers = (own: Int32Array) => Array.from(own).flatMap((i) => [...rowOf(values!, i, dataset)]);
  const splits = { train: part(rows.train), test: part(rows.test) };
  const all = values ? { train: numbers(rows.train), test: numbers(rows.test) } : undefined;
  return remade(dataset, splits, all, { testSplit: heldOutText(share), notes: rows.notes }, kind);
}

/**
 * A dataset whose test split is what another one trains on. Classes go by their names.
 *
 * @throws AttarError "bad-data" for samples of another shape or scale, or a class that the training split does not have
 */
export function testedOn(dataset: Dataset, other: Dataset, kind?: NormalisationKind): Promise<Dataset> {
  const { classes, shape, normalisation, target, train, source } = dataset;
  const differs = (what: string, own: unknown, theirs: unknown) =>
    badData(
      other.source,
      `${what} ${theirs}, of the training split ${own}`,
      `Give ${source} and ${other.source} alike.`,
    );
  if (String(other.shape) !== String(shape)) throw differs("its samples have the shape", shape, other.shape);
  if (other.normalisation.scale !== normalisation.scale)
    throw differs("the stored value for 1 is", normalisation.scale, other.normalisation.scale);
  if (String(target?.names) !== String(other.target?.names))
    throw differs("predicted are", target?.names ?? "classes", other.target?.names ?? "classes");
  const places = new Map(classes.map((name, c) => [name, c]));
  const strange = target ? undefined : other.classes.find((name) => !places.has(name));
  if (strange !== undefined)
    throw badData(
      other.source,
      `has the class "${strange}", which the training split ${source} does not have`,
      "Leave out the test samples of classes that the training split does not have.",
    );
  const { images, labels } = other.train;
  const mixed = images.constructor !== train.images.constructor;
  const float = (own: Uint8Array | Float32Array) => (mixed ? Float32Array.from(own) : own);
  const splits = {
    train: { images: float(train.images), labels: train.labels },
    test: {
      images: float(images),
      labels: target ? labels : Int32Array.from(labels, (c) => places.get(other.classes[c]!)!),
    },
  };
  const values = target && {
    train: originalValues(train.values!, target),
    test: originalValues(other.train.values!, other.target!),
  };
  return remade(dataset, splits, values, { testSplit: other.source, notes: [] }, kind);
}

/** A dataset without its test split. */
export const untested = (dataset: Dataset, kind?: NormalisationKind): Promise<Dataset> =>
  remade(
    dataset,
    { train: dataset.train },
    undefined,
    { testSplit: "none", notes: ["the test split that is there is left out, as --test none says"] },
    kind,
  );

interface Splits {
  readonly train: Split;
  readonly test?: Split;
}

/** The dataset made again with other splits. @param values [n, k] of both in their own units, where numbers are predicted */
function remade(
  dataset: Dataset,
  splits: Splits,
  values: { train: ArrayLike<number>; test: ArrayLike<number> } | undefined,
  { testSplit, notes }: { testSplit: string; notes: readonly string[] },
  kind?: NormalisationKind,
): Promise<Dataset> {
  const { reading, target, source, normalisation, table, test: _, ...facts } = dataset;
  const bins = reading?.options?.bins;
  const raw = values && target && { names: target.names, ...values, ...(bins !== undefined && { bins }) };
  const made = raw && targetOfValues(raw, source);
  const earlier = reading?.notes.filter((note) => !(made && isBinNote(note))) ?? [];
  const said = [...earlier, ...(made ? [binNote(made.classes)] : []), ...notes];
  return makeDataset(
    {
      ...facts,
      ...(target && { target }),
      ...(table && { columns: { features: table.columns, predicted: table.predicted } }),
      ...(made && { classes: made.classes, target: made.target }),
      train: { ...splits.train, ...made?.train },
      ...(splits.test && { test: { ...splits.test, ...made?.test } }),
      scale: normalisation.scale,
      source,
      ...(reading && { reading: { ...reading, testSplit, notes: said } }),
    },
    kind,
  );
}

const rowOf = (values: Float64Array, i: number, { target }: Dataset) => {
  const k = target!.names.length;
  return values.subarray(i * k, (i + 1) * k);
};
