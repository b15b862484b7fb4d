import type { OtherLayout } from "../csv/likeTrain.ts";
import { NumberFill } from "../csv/table.ts";
import type { Dataset } from "../dataset.ts";
import { domainAs } from "../domain.ts";
import { channelsFirst, storedScale } from "../imageArrays.ts";
import { type IndexedLabels, indexedLabels } from "../labelNames.ts";
import { makeDataset, type NormalisationKind } from "../makeDataset.ts";
import { type ReadOptions, refuseOptions } from "../readOptions.ts";
import { rowDomain } from "../rowDomain.ts";
import { binNote, targetOfValues } from "../valuesTarget.ts";
import { columnNames } from "./columnNames.ts";
import type { TableSource } from "./tableSource.ts";
import { fileName, type TablePart, type TableSplits } from "./tableSplits.ts";

/** Reads a table of numbers, none of them missing: pixels of pictures, series, embeddings, or features. */
export async function numberTable(
  { source, layout, test: found, notes: passedOver }: TableSplits,
  name: string,
  kind: NormalisationKind | undefined,
  options: ReadOptions,
): Promise<Dataset> {
  const path = source.where;
  const parts: TablePart[] = [{ source, layout }, ...(found ? [found] : [])];
  const range = rangeOf(parts.map((part) => part.layout));
  const [train, test] = await Promise.all(parts.map((part) => fill(part.source, part.layout, range.bytes)));
  const names = layout.names && layout.features.map((at) => layout.names![at]!);
  const targetNames = layout.targets?.map((at) => layout.names?.[at] || `column ${at + 1}`);
  const { classes, ...indexed } = targetNames
    ? targetOfValues(
        {
          names: targetNames,
          train: train!.targets,
          ...(test && { test: test.targets }),
          ...(options.bins !== undefined && { bins: options.bins }),
        },
        path,
      )
    : withoutValues(indexedLabels(train!.labels, test?.labels, found && !test ? found.source.where : path));
  const features = layout.features.length;
  const rows = { features, values: train!.values, ...(names && { names }), range: range.ends };
  const domain = rowDomain(rows, path, options);
  const [channels, height, width] = domain.shape;
  const pictures = height * width > 1 && options.domain !== "series";
  if (!pictures) refuseOptions(path, "what is no picture", { scale: options.scale });
  const { scale, note } =
    pictures && (range.bytes || options.scale !== undefined) ? storedScale(range.ends, options) : { scale: 1 };
  const images = ({ values }: Filled) =>
    domain.interleaved ? channelsFirst(values, values.length / features, height * width, channels) : values;
  const notes = [
    `the label is ${layout.labels}`,
    ...layout.notes,
    ...(domain.note ? [domain.note] : []),
    ...(note ? [note] : []),
    ...(indexed.target ? [binNote(classes)] : []),
    ...passedOver,
  ];
  const asTable = height * width === 1 && options.domain === undefined;
  return makeDataset(
    {
      name,
      domain: domainAs(options.domain, domain.shape),
      shape: domain.shape,
      classes,
      ...(indexed.target && { target: indexed.target }),
      ...(asTable && { columns: columnNames(layout, indexed.target && train!.targets) }),
      train: { images: images(train!), ...indexed.train },
      ...(test && indexed.test && { test: { images: images(test), ...indexed.test } }),
      scale,
      source: path,
      reading: {
        format: source.format,
        labels: layout.labels,
        testSplit: found ? fileName(found.source.where) : "none",
        notes,
        options,
      },
    },
    kind,
  );
}

interface Filled {
  readonly values: Uint8Array | Float32Array;
  readonly labels: readonly string[];
  /** Numbers to predict, [rows, k]; empty where classes are. */
  readonly targets: Float32Array;
}

/** Labels of classes in the form of a numeric target's. */
export const withoutValues = ({ classes, train, test }: IndexedLabels) => ({
  classes,
  target: undefined,
  train: { labels: train },
  ...(test && { test: { labels: test } }),
});

async function fill(
  source: TableSource,
  { rows, features, label, targets, header }: OtherLayout,
  bytes: boolean,
): Promise<Filled> {
  const { where } = source;
  const values = bytes ? new Uint8Array(rows * features.length) : new Float32Array(rows * features.length);
  if (!targets) {
    const filled = new NumberFill(where, values, features, label, header);
    await source.read(filled.record);
    filled.end();
    return { values, labels: filled.labels, targets: new Float32Array(0) };
  }
  const [f, k] = [features.length, targets.length];
  const all = new Float32Array(rows * (f + k));
  const filled = new NumberFill(where, all, [...features, ...targets], undefined, header);
  await source.read(filled.record);
  filled.end();
  const predicted = new Float32Array(rows * k);
  for (let row = 0; row < rows; row++) {
    const at = row * (f + k);
    values.set(all.subarray(at, at + f), row * f);
    predicted.set(all.subarray(at + f, at + f + k), row * k);
  }
  return { values, labels: [], targets: predicted };
}

/** The least and largest feature, and whether all are whole numbers of 0 to 255, two grey levels at least. */
function rangeOf(layouts: readonly OtherLayout[]): { ends: [number, number]; bytes: boolean } {
  let [low, high, whole] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, true];
  for (const { columns, features } of layouts)
    for (const at of features) {
      const column = columns[at]!;
      low = Math.min(low, column.low);
      high = Math.max(high, column.high);
      whole &&= column.wholes === column.numbers;
    }
  return { ends: [low, high], bytes: whole && low >= 0 && high <= 255 && high > 1 };
}
