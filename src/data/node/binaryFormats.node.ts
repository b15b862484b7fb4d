import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AttarError } from "../../engine/errors.ts";
import { badData } from "../badData.ts";
import type { Split } from "../dataset.ts";
import { type CifarKind, parseCifar } from "../formats/cifar.ts";
import { parseCifarPickles } from "../formats/cifarPickle.ts";
import { parseIdx } from "../formats/idx.ts";
import { parseStl10 } from "../formats/stl10.ts";
import { parseSvhn } from "../formats/svhn.ts";
import { listed } from "../reading.ts";
import type { ReadOptions } from "../readOptions.ts";
import { nativeInflate } from "./nativeInflate.node.ts";
import { readBytes, readRaw, readTextIfAny } from "./readBytes.node.ts";

/** Both splits of a dataset in one of the official binary formats. */
export interface BinarySplits {
  readonly shape: readonly [number, number, number];
  readonly train: Split;
  readonly test?: Split;
  /** The known dataset whose format this is; undefined for IDX, which many share. */
  readonly format?: CifarKind | "svhn" | "stl10";
  /** Names of the classes, where a file beside the images has them. */
  readonly classes?: readonly string[];
  /** The kind of the files, in words. */
  readonly title: string;
  /** The file in which the test split was found. */
  readonly testFile?: string;
}

/** Images of a training split in IDX, as MNIST or EMNIST ("emnist-letters-train-images-idx3-ubyte") name them. */
const trainIdx = /^(.*[-_.])?train[-_.]images[-.]idx3-ubyte(\.gz)?$/;

type BinaryFormat = "idx" | "svhn" | "stl10" | CifarKind | `${CifarKind} for Python`;

/** The official binary format that a folder holds, going by its files' names. */
export async function binaryFormat(folder: string): Promise<BinaryFormat | undefined> {
  const files = new Set(await readdir(folder));
  if ([...files].some((file) => trainIdx.test(file))) return "idx";
  if (files.has("data_batch_1.bin")) return "cifar-10";
  if (files.has("train.bin")) return "cifar-100";
  if (files.has("data_batch_1")) return "cifar-10 for Python";
  if (files.has("meta") && files.has("train") && statSync(join(folder, "train")).isFile())
    return "cifar-100 for Python";
  if (files.has("train_32x32.mat")) return "svhn";
  if (files.has("train_X.bin") && files.has("train_y.bin")) return "stl10";
  return undefined;
}

/** Reads the folder in the format that {@link binaryFormat} found; files missing beside the first are named. */
export async function readBinaryFolder(folder: string): Promise<BinarySplits> {
  const format = await binaryFormat(folder);
  const at = (file: string) => need(join(folder, file));
  if (format === "idx") {
    const found = (await readdir(folder)).filter((file) => trainIdx.test(file)).sort();
    const sets = [...new Set(found.map((file) => file.replace(/\.gz$/, "")))];
    const plain = found.find((file) => /^train-images/.test(file)) ?? (sets.length === 1 ? found[0] : undefined);
    if (plain === undefined)
      throw badData(
        folder,
        `holds ${sets.length} IDX datasets: ${listed(sets)}`,
        `Give the images file of one of them: ${join(folder, found[0]!)}`,
      );
    return readIdxFile(join(folder, plain));
  }
  if (format === "svhn") return readSvhn(at("train_32x32.mat"));
  if (format === "stl10") return readStl10(folder);
  const [kind, end, parse, title] = format?.endsWith("for Python")
    ? ([format.split(" ")[0] as CifarKind, "", parseCifarPickles, "CIFAR's batches for Python"] as const)
    : ([format as CifarKind, ".bin", parseCifar, "CIFAR binaries"] as const);
  const batches = [1, 2, 3, 4, 5].map((i) => `data_batch_${i}${end}`);
  return kind === "cifar-10"
    ? readCifar(kind, batches.map(at), at(`test_batch${end}`), parse, title)
    : readCifar(kind, [at(`train${end}`)], at(`test${end}`), parse, title);
}

/** Reads `<name>-images-idx3-ubyte[.gz]`, its labels, and where it is the training split the `t10k` or `test` pair beside it. */
export async function readIdxFile(path: string): Promise<BinarySplits> {
  const file = basename(path);
  if (!/images/.test(file))
    throw badData(
      path,
      "an IDX dataset is given by its images file",
      "Name the file *-images-idx3-ubyte; its labels are found beside it.",
    );
  const train = await readIdxPair(path);
  const twin = ["t10k", "test"]
    .flatMap((name) => [file, file.replace(/\.gz$/, ""), `${file}.gz`].map((f) => f.replace(/train(?=[-_.])/, name)))
    .map((name) => join(dirname(path), name))
    .find(
      (candidate) => basename(candidate).replace(/\.gz$/, "") !== file.replace(/\.gz$/, "") && existsSync(candidate),
    );
  if (!twin) return train;
  const test = await readIdxPair(twin);
  if (test.shape.join() !== train.shape.join())
    throw badData(twin, `images are [${test.shape}], those of ${file} [${train.shape}]`);
  return { ...train, test: test.train, testFile: basename(twin) };
}

async function readIdxPair(path: string): Promise<BinarySplits> {
  const labelFile = basename(path).replace("images", "labels").replace("idx3", "idx1");
  const variants = [labelFile, labelFile.replace(/\.gz$/, ""), `${labelFile}.gz`].map((f) => join(dirname(path), f));
  const labelPath = variants.find((candidate) => existsSync(candidate)) ?? need(variants[0]!);
  const [images, labels] = [parseIdx(await readBytes(path), path), parseIdx(await readBytes(labelPath), labelPath)];
  if (labels.dims.length !== 1) throw badData(labelPath, `labels have one dimension, these have [${labels.dims}]`);
  if (images.dims.length < 2) throw badData(path, `images have three dimensions, these have [${images.dims}]`);
  const [count = 0, ...rest] = images.dims;
  if (count !== labels.dims[0])
    throw badData(
      labelPath,
      `${labels.dims[0]} labels for ${count} images of ${basename(path)}`,
      "Check that both files are of one split, or fetch them again.",
    );
  const shape = rest.length === 3 ? rest : rest.length === 2 ? [1, ...rest] : [1, 1, ...rest];
  return {
    shape: shape as [number, number, number],
    title: "IDX",
    train: { images: images.data, labels: Int32Array.from(labels.data) },
  };
}

/** Reads CIFAR batches; the test batch may be absent. */
export async function readCifar(
  kind: CifarKind,
  train: readonly string[],
  test?: string,
  parse: typeof parseCifar = parseCifar,
  title = "CIFAR binaries",
): Promise<BinarySplits> {
  const read = async (paths: readonly string[]) =>
    parse(await Promise.all(paths.map(async (where) => ({ bytes: await readRaw(where), where }))), kind);
  return {
    shape: [3, 32, 32],
    format: kind,
    title,
    train: await read(train),
    ...(test && { test: await read([test]), testFile: basename(test) }),
  };
}

/** Reads `train_32x32.mat` and, where it is there, `test_32x32.mat` beside it. */
export async function readSvhn(path: string): Promise<BinarySplits> {
  const read = async (at: string) => parseSvhn(await readRaw(at), at, nativeInflate);
  const twin = join(dirname(path), basename(path).replace("train", "test"));
  return {
    shape: [3, 32, 32],
    format: "svhn",
    title: "SVHN's MATLAB files",
    train: await read(path),
    ...(twin !== path && existsSync(twin) && { test: await read(twin), testFile: basename(twin) }),
  };
}

/** Reads STL-10's binaries; the test split and `class_names.txt` may be absent. */
async function readStl10(folder: string): Promise<BinarySplits> {
  const file = async (name: string) => ({ bytes: await readRaw(join(folder, name)), where: join(folder, name) });
  const names = await readTextIfAny(join(folder, "class_names.txt"), 4096);
  const classes = names?.split(/\s+/).filter((name) => name !== "");
  const tested = existsSync(join(folder, "test_X.bin"));
  return {
    shape: [3, 96, 96],
    format: "stl10",
    title: "STL-10 binaries",
    ...(classes?.length === 10 && { classes }),
    train: parseStl10(await file("train_X.bin"), await file("train_y.bin")),
    ...(tested && {
      test: parseStl10(await file("test_X.bin"), await file("test_y.bin")),
      testFile: "test_X.bin",
    }),
  };
}

/** Tells whether a file has the name of one of SVHN's, and no option says which arrays are read. */
export const isSvhnFile = (path: string, { images, label }: ReadOptions): boolean =>
  images === undefined && label === undefined && /^(train|test|extra)_32x32\.mat$/.test(basename(path));

function need(path: string): string {
  if (existsSync(path)) return path;
  throw new AttarError("absent-file", `${path}: no such file, the dataset is not complete.`, "Fetch the missing file.");
}
