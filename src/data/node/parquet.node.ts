import { open, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { AsyncBuffer } from "hyparquet";
import { badData } from "../badData.ts";
import type { Dataset } from "../dataset.ts";
import { type ParquetImages, parseParquet } from "../formats/parquet.ts";
import { indexLabels, integerLabels, numberedClasses, sortedNames } from "../labelNames.ts";
import { makeDataset, type NormalisationKind } from "../makeDataset.ts";
import { commonShape, packImages } from "../packImages.ts";
import { cannotRead } from "./readBytes.node.ts";

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
  const shape = commonShape([...images, ...testImages], path);
  const split = (found: ParquetImages["images"], of: Int32Array) => ({ ...packImages(found, shape), labels: of });
  return makeDataset(
    {
      name,
      shape,
      classes,
      train: split(images, y),
      ...(testImages.length > 0 && { test: split(testImages, yTest) }),
      scale: 255,
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
    const handle = await open(path).catch((error) => {
      throw cannotRead(path, error);
    });
    try {
      const { size } = await handle.stat();
      const file: AsyncBuffer = {
        byteLength: size,
        async slice(start, end = size) {
          const [from, to] = [start < 0 ? size + start : start, Math.min(size, end)];
          if (!(from >= 0 && to >= from)) throw new RangeError(`bytes ${start} to ${end} of ${size}`);
          const bytes = new Uint8Array(to - from);
          const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
          if (bytesRead !== bytes.length) throw new RangeError("the file became shorter while it was read");
          return bytes.buffer;
        },
      };
      out.push(await parseParquet(file, path));
    } finally {
      await handle.close();
    }
  }
  return out;
}
