import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  type RowGroup,
  type SchemaElement,
} from "hyparquet";
import { asBadData, badData, guarded } from "../badData.ts";
import type { LabelledImage } from "../packImages.ts";
import { type Cell, readColumnChunk } from "./parquetColumn.ts";
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
/**
 * Reads a Parquet file in the Hugging Face layout: a column of structs {bytes, path} (or of plain bytes) with encoded
 * PNG images, and a label column (label, fine_label, class, target).
 *
 * @throws AttarError "bad-data"
 */
export async function parseParquet(file: AsyncBuffer, where: string): Promise<ParquetImages> {
  const metadata = await checkedMetadata(file, where);
  const columns = findColumns(metadata, where);
  const images: LabelledImage[] = [];
  const labels: (number | string)[] = [];
  for (const group of metadata.row_groups) {
    const cells = await readColumn(file, group, columns.image, where);
    const labelCells = await readColumn(file, group, columns.label, where);
    for (const [i, cell] of cells.entries()) {
      const at = `${where}, row ${images.length}`;
      if (!(cell instanceof Uint8Array)) throw badData(at, "has no image bytes");
      images.push({ image: parsePng(cell, at), label: 0, where: at });
      const label = labelCells[i];
      if (label === undefined) throw badData(at, "has no label");
      labels.push(typeof label === "number" ? label : new TextDecoder().decode(label));
    }
  }
  const classes = classNames(metadata, columns.label.path[0]!);
  return { images, labels, ...(classes && { classes }) };
}

async function readColumn(file: AsyncBuffer, group: RowGroup, column: Column, where: string): Promise<Cell[]> {
  const meta = group.columns.find(
    ({ meta_data: m }) => m?.path_in_schema.join("\n") === column.path.join("\n"),
  )?.meta_data;
  const rows = Number(group.num_rows);
  if (!meta || Number(meta.num_values) !== rows)
    throw badData(where, `its Parquet column ${column.path.join(".")} does not have ${rows} values`);
  const start = Number(meta.dictionary_page_offset ?? meta.data_page_offset);
  const length = Number(meta.total_compressed_size);
  if (!(start >= 0 && length >= 0 && start + length <= file.byteLength))
    throw badData(where, `its Parquet column ${column.path.join(".")} lies beyond the file's ${file.byteLength} bytes`);
  const bytes = new Uint8Array(await file.slice(start, start + length));
  return guarded(where, "the Parquet data is damaged", () => readColumnChunk(bytes, meta, column.optional));
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

/** A leaf column: its path, and how many steps of the path are optional. */
interface Column {
  readonly path: readonly string[];
  readonly optional: number;
}

/** The image column is the first with a field `bytes`, or one named so; the label column goes by its name. */
function findColumns({ schema }: FileMetaData, where: string): { image: Column; label: Column } {
  const top: { element: SchemaElement; fields: SchemaElement[] }[] = [];
  for (let i = 1; i < schema.length; ) {
    const fields = schema.slice(i + 1, i + 1 + (schema[i]!.num_children ?? 0));
    if (fields.some((field) => field.num_children)) {
      top.push({ element: schema[i]!, fields: [] });
      i = nextSibling(schema, i, where);
      continue;
    }
    top.push({ element: schema[i]!, fields });
    i += 1 + fields.length;
  }
  const leaf = (...path: (SchemaElement | undefined)[]): Column | undefined => {
    if (path.some((element) => !element || element.repetition_type === "REPEATED")) return undefined;
    const steps = path as SchemaElement[];
    return {
      path: steps.map(({ name }) => name),
      optional: steps.filter(({ repetition_type }) => repetition_type === "OPTIONAL").length,
    };
  };
  const bytesOf = (fields: SchemaElement[]) => fields.find(({ name }) => name === "bytes");
  const struct = top.find(({ fields }) => bytesOf(fields));
  const flat = top.find(({ element, fields }) => fields.length === 0 && ["image", "img"].includes(element.name));
  const image = struct ? leaf(struct.element, bytesOf(struct.fields)) : leaf(flat?.element);
  const wanted = labelColumns.find((name) => top.some(({ element }) => element.name === name));
  const label = leaf(top.find(({ element, fields }) => fields.length === 0 && element.name === wanted)?.element);
  if (image && label) return { image, label };
  const names = top.slice(0, 12).map(({ element }) => element.name);
  throw badData(
    where,
    `its Parquet columns are ${names.join(", ")}`,
    "Expected a column image {bytes, path} and a column label.",
  );
}

/** Index of the schema element behind element `i` and all that is below it. */
function nextSibling(schema: readonly SchemaElement[], i: number, where: string): number {
  let open = 1;
  for (let at = i; at < schema.length; at++) {
    open += (schema[at]!.num_children ?? 0) - 1;
    if (open <= 0) return at + 1;
  }
  throw badData(where, "its Parquet schema is damaged");
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
