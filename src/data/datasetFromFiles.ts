import { AttarError } from "../engine/errors.ts";
import type { StoredArray } from "./arrayNamings.ts";
import { badData } from "./badData.ts";
import type { Dataset } from "./dataset.ts";
import { datasetFromArrays } from "./datasetFromArrays.ts";
import { parseNpzFile } from "./formats/npz.ts";
import type { SlicedFile } from "./formats/parquet.ts";
import { isParquetTable, parseParquetTable } from "./formats/parquetTable.ts";
import { openZip } from "./formats/zipArchive.ts";
import type { ForeignDecoder } from "./images/decoder.ts";
import { isImageName } from "./images/imageKind.ts";
import { type Decoding, imagesFromFiles } from "./images/imagesFromFiles.ts";
import { imagesFromParquet } from "./images/imagesFromParquet.ts";
import { decodeInPage } from "./images/pageDecoder.ts";
import type { NormalisationKind } from "./makeDataset.ts";
import { checkReadOptions, type ReadOptions } from "./readOptions.ts";
import { splitNamed, twinNames } from "./splitNames.ts";
import { holdOut } from "./splits/applySplits.ts";
import { heldOutText } from "./splits/heldOut.ts";
import { arffSourceOf } from "./table/arffSource.ts";
import { loadTable } from "./table/loadTable.ts";
import { parquetSourceOf } from "./table/parquetSource.ts";
import { csvSourceOf, type TableSource } from "./table/tableSource.ts";
import { fileName } from "./table/tableSplits.ts";

/** A file with its path below the dataset's folder, as a page gets it: `webkitRelativePath` and the `File` itself. */
export interface PageFile {
  readonly path: string;
  readonly blob: Blob;
}

/** Options of {@link datasetFromFiles}. */
export interface FilesOptions extends ReadOptions {
  readonly normalisation?: NormalisationKind;
  /** Decodes what is neither PNG nor BMP; the browser where left out. */
  readonly decode?: ForeignDecoder;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Makes a dataset of files that a person chose: a folder of images, a zip archive of one, a table (CSV, TSV, ARFF, Parquet, with its test
 * split in a file of its own or not), named arrays (.npz), or a Parquet file of images; laid out as `load` takes them. PNG and BMP
 * are decoded here, other kinds by the browser; sizes, fit and grey are those of Node, to the bit. `testShare` is held out where the files
 * hold no test split.
 *
 * @throws AttarError "bad-data", "bad-option"
 * @example await datasetFromFiles("pets", [...input.files].map((f) => ({ path: f.webkitRelativePath, blob: f })), { size: "32" })
 */
export async function datasetFromFiles(
  name: string,
  files: readonly PageFile[],
  { normalisation, decode = decodeInPage, onProgress, signal, testShare, ...options }: FilesOptions = {},
): Promise<Dataset> {
  checkReadOptions({ ...options, ...(testShare !== undefined && { testShare }) });
  const decoding: Decoding = { decode, ...(onProgress && { onProgress }), ...(signal && { signal }) };
  const later = testShare !== undefined && normalisation === "zca" ? "channel" : normalisation;
  const dataset = await read(name, files, decoding, options, later, testShare);
  if (
    testShare === undefined ||
    dataset.test.labels.length > 0 ||
    dataset.reading?.testSplit === heldOutText(testShare)
  )
    return dataset;
  return holdOut(dataset, testShare, normalisation);
}

const tables = /\.(csv|tsv|txt|data|arff|parquet)$/i;

async function read(
  name: string,
  files: readonly PageFile[],
  decoding: Decoding,
  options: ReadOptions,
  kind: NormalisationKind | undefined,
  testShare: number | undefined,
): Promise<Dataset> {
  const [first] = files;
  if (!first) throw badData(name, "holds no file", "Choose a folder, an archive or a table.");
  const training = trainingTable(files);
  if (training) {
    if (/\.parquet$/i.test(training.path) && !(await isParquetTable(sliced(training.blob), training.path)))
      return imagesFromParquet(sliced(training.blob), training.path, decoding, options, kind);
    const others = files.filter((file) => file !== training);
    const own = others.length === 0 && testShare !== undefined ? { ...options, testShare } : options;
    return loadTable(await tableSource(training), name, kind, own, {
      named: async (path) => tableSource(others.find((file) => file.path === path) ?? absent(name, path)),
      likely: () => Promise.all(others.filter(({ path }) => twinNames(training.path).includes(path)).map(tableSource)),
    });
  }
  if (files.length === 1 && /\.npz$/i.test(first.path)) {
    const { arrays, texts } = parseNpzFile(await bytesOf(first), first.path);
    const named = new Map<string, StoredArray>(arrays);
    for (const [key, own] of texts) named.set(key, { shape: [own.length], texts: own });
    return datasetFromArrays(named, name, first.path, kind, options);
  }
  if (files.length === 1 && /\.zip$/i.test(first.path)) {
    const archive = await openZip(sliced(first.blob), first.path);
    if (!archive.names.some(isImageName))
      throw badData(
        first.path,
        `holds ${archive.names.length} files and no image`,
        "Unpack it, and choose the folder.",
      );
    return imagesFromFiles(
      { name, format: "a zip archive of images", paths: archive.names, read: archive.read },
      decoding,
      options,
      kind,
    );
  }
  const byPath = new Map(files.map((file) => [file.path.replace(/^\/+/, ""), file]));
  return imagesFromFiles(
    {
      name,
      format: "files of images",
      paths: byPath.keys(),
      read: async (path) => bytesOf(byPath.get(path) ?? absent(name, path)),
    },
    decoding,
    options,
    kind,
  );
}

/** The table to train on, where all files are tables. */
function trainingTable(files: readonly PageFile[]): PageFile | undefined {
  if (!files.every(({ path }) => tables.test(path))) return undefined;
  const stem = (path: string) => fileName(path).replace(tables, "");
  return files.length === 1 ? files[0] : files.find(({ path }) => splitNamed(stem(path)) === "train");
}

async function tableSource({ path, blob }: PageFile): Promise<TableSource> {
  if (/\.arff$/i.test(path)) return arffSourceOf(await blob.text(), path);
  if (!/\.parquet$/i.test(path)) return csvSourceOf(path, () => piecesOf(blob));
  return parquetSourceOf(new Map([[path, await parseParquetTable(sliced(blob), path)]]), path);
}

/** Bytes of a piece of a table that is read at a time. */
const pieceBytes = 2 ** 22;

async function* piecesOf(blob: Blob): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < blob.size; at += pieceBytes)
    yield new Uint8Array(await blob.slice(at, at + pieceBytes).arrayBuffer());
}

const sliced = (blob: Blob): SlicedFile => ({
  byteLength: blob.size,
  slice: (start, end) => blob.slice(start, end).arrayBuffer(),
});

async function bytesOf({ path, blob }: PageFile): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (error) {
    throw new AttarError("absent-file", `${path}: cannot be read (${String(error)}).`, "Choose it again.");
  }
}

function absent(name: string, path: string): never {
  throw badData(`${name}/${path}`, "is not among the files");
}
