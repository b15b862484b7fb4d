import { badData } from "../badData.ts";
import type { Dataset } from "../dataset.ts";
import { type ParquetImages, type ParquetOptions, parseParquet } from "../formats/parquet.ts";
import { type IndexedLabels, indexedLabels, indexedNames, isUnlabelled } from "../labelNames.ts";
import { makeDataset, type NormalisationKind } from "../makeDataset.ts";
import { commonScale, commonShape, packImages } from "../packImages.ts";
import type { ReadOptions } from "../readOptions.ts";
import { nativeInflate } from "./nativeInflate.node.ts";
import { type ParquetFiles, parquetFiles } from "./parquetFiles.node.ts";
import { openRegular } from "./regularFile.node.ts";

type Label = number | string;

/**
 * Reads Parquet files in the Hugging Face layouts ({@link parquetFiles}): one file, or a folder. The test split is "test",
 * else "validation"; one without labels is left out.
 *
 * @throws AttarError "bad-data"
 */
export async function loadParquet(
  path: string,
  name: string,
  kind?: NormalisationKind,
  options: ReadOptions = {},
): Promise<Dataset> {
  const alone = /\.parquet$/i.test(path);
  const files = alone ? { train: [path], test: [], validation: [] } : await parquetFiles(path);
  const { label } = options;
  const train = await readAll(files.train, { label });
  const { test, testSplit, notes } = await testOf(files, label);
  const y = train.flatMap((part) => part.labels);
  const yTest = test.flatMap((part) => part.labels);
  const names = [...train, ...test].find((part) => part.classes)?.classes;
  const indexed = labelsOf(y, yTest, names, path);
  const [images, all] = [train.flatMap((part) => part.images), test.flatMap((part) => part.images)];
  const testImages = indexed.testRows ? indexed.testRows.map((i) => all[i]!) : all;
  const shape = commonShape([...images, ...testImages], path);
  const scale = commonScale([...images, ...testImages]);
  return makeDataset(
    {
      name,
      shape,
      classes: indexed.classes,
      train: { ...packImages(images, shape, scale), labels: indexed.train },
      ...(indexed.test && { test: { ...packImages(testImages, shape, scale), labels: indexed.test } }),
      scale,
      source: path,
      reading: {
        format: "Parquet of PNG images",
        labels: `the column ${train[0]?.labelColumn}${names ? ", named by its ClassLabel" : ""}`,
        testSplit: indexed.test ? testSplit : "none",
        notes: [...indexed.notes, ...notes],
        options,
      },
    },
    kind,
  );
}

function labelsOf(
  train: readonly Label[],
  test: readonly Label[],
  names: readonly string[] | undefined,
  where: string,
): IndexedLabels {
  const numbers = (labels: readonly Label[]) => labels.every((label) => typeof label === "number");
  if (names && numbers(train) && numbers(test))
    return indexedNames(train as readonly number[], test as readonly number[], names, where);
  const decimal = [...train, ...test].find((label) => typeof label === "number" && !Number.isInteger(label));
  if (decimal !== undefined)
    throw badData(
      where,
      `has the label ${decimal}, classes are whole numbers or texts`,
      "Check which column holds the classes.",
    );
  return indexedLabels(train.map(String), test.length > 0 ? test.map(String) : undefined, where);
}

/** The split to test on: the first of "test" and "validation" that has labels. */
async function testOf(files: ParquetFiles, label: string | undefined) {
  const notes: string[] = [];
  for (const split of ["test", "validation"] as const) {
    if (files[split].length === 0) continue;
    const parts = await readAll(files[split], { label, unlabelled: true });
    const unlabelled = parts.every(({ labels }) => labels.every((label) => isUnlabelled(String(label))));
    if (unlabelled) {
      notes.push(`the ${split} split is left out: it has no labels`);
      continue;
    }
    if (split === "test" && files.validation.length > 0)
      notes.push("the validation split is left out: there is a test split");
    return { test: parts, testSplit: `the ${split} split`, notes };
  }
  const none: ParquetImages[] = [];
  return { test: none, testSplit: "none", notes };
}

async function readAll(paths: readonly string[], options: ParquetOptions): Promise<ParquetImages[]> {
  const out: ParquetImages[] = [];
  for (const path of paths) {
    const file = await openRegular(path);
    try {
      const slices = {
        byteLength: file.size,
        slice: async (start: number, end: number) => (await file.read(start, end - start)).buffer,
      };
      out.push(await parseParquet(slices, path, { ...options, unpack: nativeInflate }));
    } finally {
      await file.close();
    }
  }
  return out;
}
