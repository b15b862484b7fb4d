import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { badData } from "../badData.ts";
import { isMixed, type Layout, layoutOf, refuseMixed } from "../csv/layout.ts";
import { layoutLike, refuseOddCells } from "../csv/likeTrain.ts";
import { noneLabelled, refuseUnlabelledRows, surveyFor } from "../csv/table.ts";
import type { Dataset } from "../dataset.ts";
import type { NormalisationKind } from "../makeDataset.ts";
import type { ReadOptions } from "../readOptions.ts";
import { rowDomain } from "../rowDomain.ts";
import { twinNames } from "../splitNames.ts";
import { noTest } from "../splits/splitOptions.ts";
import { fileSource } from "./fileSource.node.ts";
import { mixedTable } from "./mixedTable.node.ts";
import { numberTable } from "./numberTable.node.ts";
import type { TableSource } from "./tableSource.node.ts";
import type { TablePart } from "./tableSplits.ts";

/**
 * Reads a table of pixels or features with a label column, in two passes over its file: a CSV need not fit in memory. Where
 * the file's name says "train", the file beside it that says "test" instead (or "val", "valid", "validation") is the test split;
 * one without labels is left out.
 *
 * @param tests sources of the test split, likeliest first; those beside the training file where left out
 * @throws AttarError "bad-data"
 */
export async function loadTable(
  source: TableSource,
  name: string,
  kind: NormalisationKind | undefined,
  options: ReadOptions,
  tests?: readonly TableSource[],
): Promise<Dataset> {
  const layout = await layoutOfSource(source, options);
  if (!layout.targets) refuseUnlabelledRows(layout, source.where);
  const { found: test, notes } = await findTest(source, layout, options, tests);
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
async function findTest(source: TableSource, train: Layout, options: ReadOptions, given?: readonly TableSource[]) {
  const path = source.where;
  const notes: string[] = [];
  const named = options.test;
  if (named === noTest) return { notes };
  const beside = twinNames(basename(path))
    .map((file) => join(dirname(path), file))
    .filter((twin) => twin !== path && existsSync(twin));
  const paths = named === undefined ? beside : [named];
  const sources = named === undefined && given ? given : await Promise.all(paths.map(fileSource));
  let found: TablePart | undefined;
  for (const twin of sources) {
    const { where } = twin;
    if (found) {
      notes.push(`${basename(where)} is left out: ${basename(found.source.where)} is the test split`);
      continue;
    }
    const { survey } = await surveyed(twin, {});
    const layout = layoutLike(survey, train, where);
    const labels =
      layout.label === undefined || (train.targets && !layout.targets) ? undefined : layout.columns[layout.label]!;
    if (!labels || noLabels(labels.missing, labels.values, layout.rows)) {
      if (named !== undefined)
        throw badData(where, "has no labels, so nothing can be scored on it", "Leave --test out, or --test-share 0.2");
      notes.push(`${basename(where)} is left out: it has no labels`);
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
