import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { badData } from "../badData.ts";
import type { Dataset } from "../dataset.ts";
import { type ParquetImages, parseParquet } from "../formats/parquet.ts";
import { indexLabels, integerLabels, numberedClasses, sortedNames } from "../labelNames.ts";
import { makeDataset, type NormalisationKind } from "../makeDataset.ts";
import { commonScale, commonShape, packImages } from "../packImages.ts";
import { nativeInflate } from "./nativeInflate.node.ts";
import { openRegular } from "./regularFile.node.ts";

/**
 * Reads Parquet files in the Hugging Face layout: one file, or a folder with `train-*.parquet` and `test-*.parquet`
 * (directly, under `data/`, under one configuration's folder, or as `train/*.parquet` and `test/*.parquet`).
 *
 * @throws AttarError "bad-data"
 */
export async function loadParquet(path: string, name: string, kind?: NormalisationKind): Promise<Dataset> {
  const { train, test } = path.endsWith(".parquet") ? { train: [path], test: [] } : await parquetFiles(path);
  const trainParts = await readAll(train);
  const testParts = await readAll(test);
  const parts = [...trainParts, ...testParts];
  const labels = trainParts.flatMap((part) => part.labels);
  const testLabels = testParts.flatMap((part) => part.labels);
  const integers = [...labels, ...testLabels].every((label) => typeof label === "number");
  const named = parts.find((part) => part.classes)?.classes;
  const index = (values: readonly (number | string)[], names: readonly string[]) =>
    integers ? integerLabels(values as number[], path) : indexLabels(values.map(String), names, path);
  const texts = integers ? [] : (named ?? sortedNames(labels.map(String)));
  const [y, yTest] = [index(labels, texts), index(testLabels, texts)];
  const classes = integers ? (named ?? numberedClasses(y, yTest)) : texts;
  const [images, testImages] = [trainParts.flatMap((part) => part.images), testParts.flatMap((part) => part.images)];
  const [shape, scale] = [commonShape([...images, ...testImages], path), commonScale([...images, ...testImages])];
  const split = (found: ParquetImages["images"], of: Int32Array) => ({
    ...packImages(found, shape, scale),
    labels: of,
  });
  return makeDataset(
    {
      name,
      shape,
      classes,
      train: split(images, y),
      ...(testImages.length > 0 && { test: split(testImages, yTest) }),
      scale,
      source: path,
    },
    kind,
  );
}

/** The Parquet files of a folder by split; undefined where there is none. */
export async function findParquet(folder: string): Promise<string | undefined> {
  const inside = await readdir(folder, { withFileTypes: true });
  const holds = async (path: string) => (await readdir(path)).some((file) => file.endsWith(".parquet"));
  if (await holds(folder)) return folder;
  for (const entry of inside) {
    if (!entry.isDirectory() || entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    if (await holds(path)) return entry.name === "train" || entry.name === "test" ? folder : path;
  }
  return undefined;
}

async function parquetFiles(folder: string): Promise<{ train: string[]; test: string[] }> {
  const at = (await findParquet(folder)) ?? folder;
  const files: string[] = [];
  for (const entry of await readdir(at, { withFileTypes: true })) {
    const path = join(at, entry.name);
    if (entry.isFile() && entry.name.endsWith(".parquet")) files.push(path);
    else if (entry.isDirectory() && /^(train|test|val|validation)$/.test(entry.name))
      for (const file of await readdir(path)) if (file.endsWith(".parquet")) files.push(join(path, file));
  }
  files.sort();
  const of = (split: RegExp) =>
    files.filter((file) => split.test(basename(file)) || (dirname(file) !== at && split.test(basename(dirname(file)))));
  const test = of(/^test/).length > 0 ? of(/^test/) : of(/^val/);
  const train = of(/^train/);
  if (train.length > 0) return { train, test };
  if (files.length === 1) return { train: files, test: [] };
  throw badData(folder, `has ${files.length} Parquet files, none named train-*`);
}

async function readAll(paths: readonly string[]): Promise<ParquetImages[]> {
  const out: ParquetImages[] = [];
  for (const path of paths) {
    const file = await openRegular(path);
    try {
      const slices = {
        byteLength: file.size,
        slice: async (start: number, end: number) => (await file.read(start, end - start)).buffer,
      };
      out.push(await parseParquet(slices, path, nativeInflate));
    } finally {
      await file.close();
    }
  }
  return out;
}
