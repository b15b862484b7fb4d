import { type Levels, MixedFill } from "../csv/mixedFill.ts";
import type { Dataset } from "../dataset.ts";
import { tableDomain } from "../domain.ts";
import { indexedLabels } from "../labelNames.ts";
import { makeDataset, type NormalisationKind } from "../makeDataset.ts";
import { type ReadOptions, refuseOptions } from "../readOptions.ts";
import { heldOutRows, heldOutText } from "../splits/heldOut.ts";
import { alreadySplit } from "../splits/splitOptions.ts";
import { binNote, targetOfValues } from "../valuesTarget.ts";
import { columnNames } from "./columnNames.ts";
import { mixedSplits } from "./mixedSplits.ts";
import { withoutValues } from "./numberTable.ts";
import { featuresOf } from "./preparation.ts";
import { type RawColumn, type RawRows, someRows } from "./rawRows.ts";
import { fileName, type TablePart, type TableSplits } from "./tableSplits.ts";

/** Reads a table with categories or missing values. A share to hold out is held out before anything is fitted. */
export async function mixedTable(
  { source, layout, test: found, notes: passedOver }: TableSplits,
  name: string,
  kind: NormalisationKind | undefined,
  options: ReadOptions,
): Promise<Dataset> {
  const { where } = source;
  const { scale, testShare, bins } = options;
  refuseOptions(where, "what is no picture", { scale });
  if (found && testShare !== undefined) throw alreadySplit(where, fileName(found.source.where));
  const levels = layout.features.map((at): Levels | undefined => (layout.categories.has(at) ? new Map() : undefined));
  const [train, test] = await filled([{ source, layout }, ...(found ? [found] : [])], levels);
  const names = columnNames(layout, layout.targets && train!.targets);
  const columns = names.features.map(
    ({ name, at }, j): RawColumn => ({ name, at, ...(levels[j] && { levels: [...levels[j].keys()] }) }),
  );
  const rawOf = ({ values }: MixedFill): RawRows => ({ columns, values });
  const k = layout.targets?.length ?? 0;
  const predicted = (own: ArrayLike<number>, other?: ArrayLike<number>) =>
    targetOfValues(
      {
        names: names.predicted.map((column) => column.name),
        train: own,
        ...(other && { test: other }),
        ...(bins !== undefined && { bins }),
      },
      where,
    );
  const whole = layout.targets
    ? predicted(train!.targets, test?.targets)
    : withoutValues(indexedLabels(train!.labels, test?.labels, where));
  const held = testShare === undefined ? undefined : heldOutRows(whole.train.labels, whole.classes, testShare, where);
  const part = (rows: Int32Array) => Array.from(rows).flatMap((i) => [...train!.targets.subarray(i * k, (i + 1) * k)]);
  const labelsOf = (rows: Int32Array) => ({ labels: Int32Array.from(rows, (i) => whole.train.labels[i]!) });
  const told =
    held && layout.targets
      ? predicted(part(held.train), part(held.test))
      : held
        ? { ...whole, train: labelsOf(held.train), test: labelsOf(held.test) }
        : whole;
  const own = held ? someRows(rawOf(train!), held.train) : rawOf(train!);
  const other = held ? someRows(rawOf(train!), held.test) : test && rawOf(test);
  const made = mixedSplits(own, other, names.predicted);
  const features = featuresOf(made.preparation);
  return makeDataset(
    {
      name,
      domain: tableDomain(features),
      shape: [features, 1, 1],
      classes: told.classes,
      ...(told.target && { target: told.target }),
      table: made.preparation,
      mean: made.mean,
      std: made.std,
      train: { images: made.train, ...told.train },
      ...(made.test && told.test && { test: { images: made.test, ...told.test } }),
      scale: 1,
      source: where,
      reading: {
        format: source.format,
        labels: layout.labels,
        testSplit: held ? heldOutText(testShare!) : found ? fileName(found.source.where) : "none",
        notes: [
          `the label is ${layout.labels}`,
          ...layout.notes,
          ...made.notes,
          ...(told.target ? [binNote(told.classes)] : []),
          ...(held?.notes ?? []),
          ...passedOver,
        ],
        options,
      },
    },
    kind,
  );
}

/** Fills the parts one after the other, so that levels are met in one order. */
async function filled(parts: readonly TablePart[], levels: readonly (Levels | undefined)[]): Promise<MixedFill[]> {
  const out: MixedFill[] = [];
  for (const { source, layout } of parts) {
    const fill = new MixedFill(source.where, { ...layout, levels });
    await source.read(fill.record);
    fill.end();
    out.push(fill);
  }
  return out;
}
