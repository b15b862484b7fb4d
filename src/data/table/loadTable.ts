import { badData } from "../badData.ts";
import { isMixed, type Layout, layoutOf, refuseMixed } from "../csv/layout.ts";
import { layoutLike, refuseOddCells } from "../csv/likeTrain.ts";
import { noneLabelled, refuseUnlabelledRows, surveyFor } from "../csv/table.ts";
import type { Dataset } from "../dataset.ts";
import type { NormalisationKind } from "../makeDataset.ts";
import type { ReadOptions } from "../readOptions.ts";
import { rowDomain } from "../rowDomain.ts";
import { noTest } from "../splits/splitOptions.ts";
import { mixedTable } from "./mixedTable.ts";
import { numberTable } from "./numberTable.ts";
import type { TableSource } from "./tableSource.ts";
import { fileName, type TablePart } from "./tableSplits.ts";

/** Where the test split of a table may be. */
export interface TestSources {
  /** The source that a person named. @throws AttarError "bad-data" */
  named(path: string): Promise<TableSource>;
  /** Sources of it, likeliest first, where nobody named one. */
  likely(): Promise<readonly TableSource[]>;
}

/**
 * Reads a table of pixels or features with a label column, in two passes over its source: a CSV need not fit in memory. The first of the
 * likely test splits that has labels is the test split.
 *
 * @throws AttarError "bad-data"
 */
export async function loadTable(
  source: TableSource,
  name: string,
  kind: NormalisationKind | undefined,
  options: ReadOptions,
  tests: TestSources,
): Promise<Dataset> {
  const layout = await layoutOfSource(source, options);
  if (!layout.targets) refuseUnlabelledRows(layout, source.where);
  const { found: test, notes } = await findTest(layout, options, tests);
  const splits = { source, layout, ...(test && { test }), notes };
  if (!isMixed(layout) && !(test && isMixed({ ...test.layout, categories: new Set() })))
    return numberTable(splits, name, kind, options);
  if (onlyNumbers(layout, source.where, options)) {
    refuseMixed(layout, source.where);
    if (test) refuseMixed({ ...layout, ...test.layout, names: undefined, label: layout.label }, test.source.where);
  }
  return mixedTable(splits, name, kind, options);
}

/** Tells whether the rows are pictures, series or embeddings, which have no categories and lack no value. */
function onlyNumbers({ columns, features, names, categories }: Layout, where: string, options: ReadOptions): boolean {
  if (options.domain !== undefined || options.images !== undefined) return true;
  if (categories.size > 0) return false;
  const own = features.map((at) => columns[at]!);
  const [low, high] = [Math.min(...own.map((c) => c.low)), Math.max(...own.map((c) => c.high))];
  const bytes = own.every((c) => c.wholes === c.numbers) && low >= 0 && high <= 255 && high > 1;
  const [, height, width] = rowDomain(
    {
      features: features.length,
      values: bytes ? new Uint8Array(0) : new Float32Array(0),
      ...(names && { names: features.map((at) => names[at]!) }),
      range: [low, high],
    },
    where,
    options,
  ).shape;
  return height * width > 1;
}

async function surveyed(source: TableSource, options: ReadOptions) {
  const survey = surveyFor(options);
  return { survey, separator: await source.read(survey.record, survey.remark) };
}

async function layoutOfSource(source: TableSource, options: ReadOptions): Promise<Layout> {
  const { survey, separator } = await surveyed(source, options);
  const header = source.header ?? options.header;
  const own = { ...options, ...(header !== undefined && { header }) };
  return layoutOf(survey, separator, source.where, own, source.declared);
}

/** The source of the test split, if one has labels; what was passed over is said. */
async function findTest(train: Layout, options: ReadOptions, tests: TestSources) {
  const notes: string[] = [];
  const named = options.test;
  if (named === noTest) return { notes };
  const sources = named === undefined ? await tests.likely() : [await tests.named(named)];
  let found: TablePart | undefined;
  for (const twin of sources) {
    const { where } = twin;
    if (found) {
      notes.push(`${fileName(where)} is left out: ${fileName(found.source.where)} is the test split`);
      continue;
    }
    const { survey } = await surveyed(twin, {});
    const layout = layoutLike(survey, train, where);
    const labels =
      layout.label === undefined || (train.targets && !layout.targets) ? undefined : layout.columns[layout.label]!;
    if (!labels || noLabels(labels.missing, labels.values, layout.rows)) {
      if (named !== undefined)
        throw badData(where, "has no labels, so nothing can be scored on it", "Leave --test out, or --test-share 0.2");
      notes.push(`${fileName(where)} is left out: it has no labels`);
      continue;
    }
    refuseOddCells(layout, train, where);
    found = { source: twin, layout };
  }
  return { ...(found && { found }), notes };
}

/** Tells whether each row lacks its label, or says -1. */
const noLabels = (missing: number, values: ReadonlyMap<number | string, number> | undefined, rows: number) =>
  missing === rows || (missing < rows && values?.size === 1 && noneLabelled([...values.keys()].map(String)));
