import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { badData } from "../badData.ts";
import type { Layout } from "../csv/layout.ts";
import { layoutLike, type OtherLayout, refuseOddCells } from "../csv/likeTrain.ts";
import { CsvFill, CsvSurvey, noneLabelled, refuseUnlabelledRows } from "../csv/table.ts";
import type { Dataset } from "../dataset.ts";
import { domainAs } from "../domain.ts";
import { channelsFirst, storedScale } from "../imageArrays.ts";
import { type IndexedLabels, indexedLabels } from "../labelNames.ts";
import { makeDataset, type NormalisationKind } from "../makeDataset.ts";
import { type ReadOptions, refuseOptions } from "../readOptions.ts";
import { rowDomain } from "../rowDomain.ts";
import { twinNames } from "../splitNames.ts";
import { noTest } from "../splits/splitOptions.ts";
import { binNote, targetOfValues } from "../valuesTarget.ts";
import { filePieces } from "./filePieces.node.ts";

/**
 * Reads a CSV of pixels or features with a label column, in two passes over the file: it need not fit in memory. Where the
 * file's name says "train", the file beside it that says "test" instead (or "val", "valid", "validation") is the test split;
 * one without labels is left out.
 *
 * @throws AttarError "bad-data"
 */
export async function loadCsv(
  path: string,
  name: string,
  kind?: NormalisationKind,
  options: ReadOptions = {},
): Promise<Dataset> {
  const layout = (await surveyed(path, options)).layout();
  if (!layout.targets) refuseUnlabelledRows(layout, path);
  const { found, notes: passedOver } = await findTwin(path, layout, options);
  const parts: { where: string; layout: Layout | OtherLayout; from: Layout | OtherLayout }[] = [
    { where: path, layout, from: layout },
  ];
  if (found) parts.push({ where: found.where, layout: found.layout, from: found.layout });
  const range = rangeOf(parts.map((part) => part.layout));
  const read = await Promise.all(parts.map((part) => fill(part.where, part.layout, range.bytes)));
  const [train, test] = read;
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
    : withoutValues(indexedLabels(train!.labels, test?.labels, found && !test ? found.where : path));
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
  return makeDataset(
    {
      name,
      domain: domainAs(options.domain, domain.shape),
      shape: domain.shape,
      classes,
      ...(indexed.target && { target: indexed.target }),
      train: { images: images(train!), ...indexed.train },
      ...(test && indexed.test && { test: { images: images(test), ...indexed.test } }),
      scale,
      source: path,
      reading: {
        format: "CSV",
        labels: layout.labels,
        testSplit: found ? basename(found.where) : "none",
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
const withoutValues = ({ classes, train, test }: IndexedLabels) => ({
  classes,
  target: undefined,
  train: { labels: train },
  ...(test && { test: { labels: test } }),
});

async function surveyed(path: string, options: ReadOptions): Promise<CsvSurvey> {
  const survey = new CsvSurvey(path, options);
  for await (const piece of filePieces(path)) survey.push(piece);
  return survey.end();
}

async function fill(
  where: string,
  { rows, features, label, targets, header }: OtherLayout,
  bytes: boolean,
): Promise<Filled> {
  const values = bytes ? new Uint8Array(rows * features.length) : new Float32Array(rows * features.length);
  if (!targets) {
    const filled = new CsvFill(where, values, features, label, header);
    for await (const piece of filePieces(where)) filled.push(piece);
    filled.end();
    return { values, labels: filled.labels, targets: new Float32Array(0) };
  }
  const [f, k] = [features.length, targets.length];
  const all = new Float32Array(rows * (f + k));
  const filled = new CsvFill(where, all, [...features, ...targets], undefined, header);
  for await (const piece of filePieces(where)) filled.push(piece);
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

/** The file of the test split, if one has labels; what was passed over is said. */
async function findTwin(path: string, train: Layout, options: ReadOptions) {
  const notes: string[] = [];
  let found: { where: string; layout: OtherLayout } | undefined;
  const named = options.test;
  const files = named === undefined ? twinNames(basename(path)).map((file) => join(dirname(path), file)) : [named];
  for (const twin of named === noTest ? [] : files) {
    if (twin === path || !existsSync(twin)) continue;
    if (found) {
      notes.push(`${basename(twin)} is left out: ${basename(found.where)} is the test split`);
      continue;
    }
    const survey = await surveyed(twin, { ...options, header: undefined, drop: undefined, label: undefined });
    const layout = layoutLike(survey, train, twin);
    const labels =
      layout.label === undefined || (train.targets && !layout.targets) ? undefined : layout.columns[layout.label]!;
    if (!labels || noLabels(labels.missing, labels.values, layout.rows)) {
      if (named !== undefined)
        throw badData(twin, "has no labels, so nothing can be scored on it", "Leave --test out, or --test-share 0.2");
      notes.push(`${basename(twin)} is left out: it has no labels`);
      continue;
    }
    refuseOddCells(layout.columns, [...layout.features, ...(layout.targets ?? [])], twin);
    found = { where: twin, layout };
  }
  return { found, notes };
}

/** Tells whether each row lacks its label, or says -1. */
const noLabels = (missing: number, values: ReadonlyMap<number | string, number> | undefined, rows: number) =>
  missing === rows || (missing < rows && values?.size === 1 && noneLabelled([...values.keys()].map(String)));
