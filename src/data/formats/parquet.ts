import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { asBadData, badData } from "../badData.ts";
import type { LabelledImage } from "../packImages.ts";
import { parsePng } from "./png.ts";

/** Images of one Parquet file, with labels as the file has them. */
export interface ParquetImages {
  readonly images: readonly LabelledImage[];
  /** One a row: integers as numbers, class names as strings. */
  readonly labels: readonly (number | string)[];
  /** Class names, where the file carries Hugging Face's ClassLabel. */
  readonly classes?: readonly string[];
}

const labelColumns = ["label", "labels", "fine_label", "class", "target", "y"];
/** Largest page that is decompressed, and how much larger than its input it may claim to be. */
const maxPageBytes = 2 ** 30;
const maxPageRatio = 20_000;
const rowsAtOnce = 2048;

/** hyparquet's decompressors, behind a check of what the page header claims. */
const careful: Compressors = Object.fromEntries(
  Object.entries(compressors).map(([codec, unpack]) => [
    codec,
    (input: Uint8Array, outputLength: number) => {
      if (!(outputLength >= 0) || outputLength > Math.min(maxPageBytes, 65536 + input.length * maxPageRatio))
        throw new RangeError(`a page of ${input.length} bytes claims to hold ${outputLength}`);
      return unpack(input, outputLength);
    },
  ]),
);

/**
 * Reads a Parquet file in the Hugging Face layout: a column of structs {bytes, path} (or of plain bytes) with encoded
 * PNG images, and a label column (label, fine_label, class, target).
 *
 * @throws AttarError "bad-data"
 */
export async function parseParquet(file: AsyncBuffer, where: string): Promise<ParquetImages> {
  const metadata = await checkedMetadata(file, where);
  const { image, label } = findColumns(metadata, where);
  const images: LabelledImage[] = [];
  const labels: (number | string)[] = [];
  const rows = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < rows; rowStart += rowsAtOnce) {
    const rowEnd = Math.min(rows, rowStart + rowsAtOnce);
    const columns = [image, label];
    const batch = await parquetReadObjects({
      file,
      metadata,
      columns,
      compressors: careful,
      utf8: false,
      rowStart,
      rowEnd,
    }).catch((error) => {
      throw asBadData(where, "the Parquet data is damaged", error);
    });
    if (batch.length !== rowEnd - rowStart) throw badData(where, `the Parquet file has fewer than its ${rows} rows`);
    for (const row of batch) {
      const at = `${where}, row ${images.length}`;
      images.push({ image: parsePng(imageBytes(row[image], at), at), label: 0, where: at });
      labels.push(labelValue(row[label], at));
    }
  }
  const classes = classNames(metadata, label);
  return { images, labels, ...(classes && { classes }) };
}

async function checkedMetadata(file: AsyncBuffer, where: string): Promise<FileMetaData> {
  if (file.byteLength < 12)
    throw badData(where, `a Parquet file has at least 12 bytes, this one has ${file.byteLength}`);
  try {
    const tail = new DataView(await file.slice(file.byteLength - 8));
    if (tail.getUint32(4, true) !== 0x31524150)
      throw badData(where, "not a Parquet file, or cut short (no PAR1 at its end)");
    const length = tail.getUint32(0, true);
    if (length > file.byteLength - 12)
      throw badData(where, `its Parquet footer claims ${length} bytes, the file has ${file.byteLength}`);
    const metadata = await parquetMetadataAsync(file);
    const rows = Number(metadata.num_rows);
    const summed = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
    if (!(rows >= 0 && rows <= file.byteLength && summed === rows))
      throw badData(
        where,
        `its Parquet footer claims ${rows} rows in groups of ${summed}, the file has ${file.byteLength} bytes`,
      );
    return metadata;
  } catch (error) {
    throw asBadData(where, "its Parquet footer is damaged", error);
  }
}

/** The image column is the one named so, or the first with a field `bytes`; the label column goes by its name. */
function findColumns({ schema }: FileMetaData, where: string): { image: string; label: string } {
  const top: { name: string; fields: string[] }[] = [];
  for (let i = 1; i < schema.length; ) {
    const { name, num_children: children = 0 } = schema[i]!;
    if (children > schema.length) throw badData(where, "its Parquet schema is damaged");
    top.push({ name, fields: schema.slice(i + 1, i + 1 + children).map((field) => field.name) });
    i += 1 + children;
  }
  const image =
    top.find(({ fields }) => fields.includes("bytes")) ?? top.find(({ name }) => ["image", "img"].includes(name));
  const label = labelColumns.find((wanted) => top.some(({ name }) => name === wanted));
  if (!image || !label)
    throw badData(
      where,
      `its Parquet columns are ${top
        .map(({ name }) => name)
        .slice(0, 12)
        .join(", ")}`,
      "Expected a column image {bytes, path} and a column label.",
    );
  return { image: image.name, label };
}

function imageBytes(cell: unknown, where: string): Uint8Array {
  const bytes = cell instanceof Uint8Array ? cell : (cell as { bytes?: unknown } | null | undefined)?.bytes;
  if (!(bytes instanceof Uint8Array)) throw badData(where, "has no image bytes");
  return bytes;
}

function labelValue(cell: unknown, where: string): number | string {
  if (typeof cell === "bigint" || typeof cell === "number") return Number(cell);
  if (typeof cell === "string") return cell;
  if (cell instanceof Uint8Array) return new TextDecoder().decode(cell);
  throw badData(where, "has no label");
}

/** ClassLabel names from the key "huggingface" of the file's metadata. */
function classNames({ key_value_metadata: pairs }: FileMetaData, column: string): string[] | undefined {
  const text = pairs?.find(({ key }) => key === "huggingface")?.value;
  if (!text) return undefined;
  try {
    const names = JSON.parse(text)?.info?.features?.[column]?.names;
    return Array.isArray(names) && names.every((name) => typeof name === "string") ? names : undefined;
  } catch {
    return undefined;
  }
}
