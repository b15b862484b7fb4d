import { asBadData, badData, guarded } from "../badData.ts";
import type { EncodedImage } from "../images/decoder.ts";
import { Budget } from "./budget.ts";
import { booleanType, type Cell, readColumnChunk } from "./parquetColumn.ts";
import {
  type ColumnChunk,
  type ParquetFooter,
  type RowGroup,
  readFooter,
  type SchemaElement,
} from "./parquetFooter.ts";
import { parseStrictJson } from "./strictJson.ts";

/** A file of which parts are read; an ArrayBuffer is one. */
export interface SlicedFile {
  readonly byteLength: number;
  slice(start: number, end: number): ArrayBuffer | Promise<ArrayBuffer>;
}

/** Images of one Parquet file, with labels as the file has them. */
export interface ParquetImages {
  /** The number of rows. */
  readonly count: number;
  /** The name of the image column, and of columns of images that are left out, such as masks. */
  readonly imageColumn: string;
  readonly otherImages: readonly string[];
  /** The name of the label column; undefined where there is none. */
  readonly labelColumn?: string;
  /** Class names, where the file carries Hugging Face's ClassLabel. */
  readonly classes?: readonly string[];
  /** One a row: numbers, or texts; "" where there is none. Truth values are "False" and "True". */
  labels(): Promise<(number | string)[]>;
  /** The encoded images in order; of one group of rows at a time they are in memory. */
  images(): AsyncGenerator<EncodedImage>;
}

const labelColumns = ["label", "labels", "fine_label", "class", "target", "y"];
/** Names of the column of images where there are several, likeliest first; a mask has another. */
const imageColumns = ["image", "img", "images", "picture", "photo", "pixel_values", "jpg", "png", "webp"];

/** The options of {@link openParquet}. */
export interface ParquetOptions {
  /** The label column; when left out the first of label, labels, fine_label, class, target and y. */
  readonly label?: string;
  /** The image column; when left out the first of {@link imageColumns}, else the first of structs with bytes. */
  readonly images?: string;
  /** True where a file without a label column is read, its labels all "". */
  readonly unlabelled?: boolean;
}

/**
 * Opens a Parquet file in the Hugging Face layout: a column of structs {bytes, path} (or of plain bytes) with encoded
 * images, and a label column of numbers, texts or truth values.
 *
 * @param file stays open while labels or images are read
 * @throws AttarError "bad-data"
 */
export async function openParquet(
  file: SlicedFile,
  where: string,
  options: ParquetOptions = {},
): Promise<ParquetImages> {
  const footer = await footerOf(file, where);
  const columns = findColumns(footer, where, options);
  let unread = file.byteLength;
  const groups = footer.groups.map((group) => {
    const image = chunkOf(group, columns.image, where);
    const label = columns.label && chunkOf(group, columns.label, where);
    unread -= image.length + (label?.length ?? 0);
    if (unread < 0) throw badData(where, "the Parquet columns overlap");
    return { image, label };
  });
  const read = async (chunk: ColumnChunk, { optional }: Column, budget: Budget): Promise<Cell[]> => {
    const bytes = new Uint8Array(await file.slice(chunk.start, chunk.start + chunk.length));
    return guarded(where, "the Parquet data is damaged", () => readColumnChunk(bytes, chunk, optional, budget));
  };
  const count = footer.groups.reduce((sum, { rows }) => sum + rows, 0);
  const labelColumn = columns.label?.path[0];
  const classes = labelColumn === undefined ? undefined : classNames(footer, labelColumn);
  return {
    count,
    imageColumn: columns.image.path[0]!,
    otherImages: columns.otherImages,
    ...(labelColumn !== undefined && { labelColumn }),
    ...(classes && { classes }),
    async labels() {
      const budget = new Budget(file.byteLength, where);
      const out: (number | string)[] = [];
      for (const [i, { label }] of groups.entries()) {
        const cells = columns.label && label ? await read(label, columns.label, budget) : [];
        for (let row = 0; row < footer.groups[i]!.rows; row++)
          out.push(labelOf(cells[row], label?.type === booleanType));
      }
      return out;
    },
    async *images() {
      let row = 0;
      for (const { image } of groups) {
        const cells = await read(image, columns.image, new Budget(file.byteLength, where));
        const seen = new Set<Cell>();
        const shared = new Set<Cell>(); // rows that share a cell of the dictionary share its image
        for (const cell of cells)
          if (seen.has(cell)) shared.add(cell);
          else seen.add(cell);
        for (const cell of cells) {
          const at = `${where}, row ${row++}`;
          yield { where: at, bytes: () => bytesOf(cell, at), shared: shared.has(cell) };
        }
      }
    },
  };
}

function bytesOf(cell: Cell, where: string): Uint8Array {
  if (cell instanceof Uint8Array) return cell;
  throw badData(
    where,
    "has no image bytes",
    "Take the row away; --skip-unreadable passes over such images and counts them.",
  );
}

function labelOf(cell: Cell, truth: boolean): number | string {
  if (cell === undefined) return "";
  if (typeof cell === "number") return truth ? (cell === 0 ? "False" : "True") : cell;
  return new TextDecoder().decode(cell);
}

function chunkOf({ rows, columns }: RowGroup, { path }: Column, where: string) {
  const chunk = columns.find((candidate) => candidate.path.join("\n") === path.join("\n"));
  if (chunk?.values !== rows)
    throw badData(
      where,
      `its Parquet column ${path.join(".")} does not have ${rows} values`,
      "A column of lists or structures is not read; if it is none, the file is damaged: fetch it again.",
    );
  return chunk;
}

/** The footer of a Parquet file. @throws AttarError "bad-data" */
export async function footerOf(file: SlicedFile, where: string): Promise<ParquetFooter> {
  const { byteLength } = file;
  if (byteLength < 12) throw badData(where, `a Parquet file has at least 12 bytes, this one has ${byteLength}`);
  try {
    const tail = new DataView(await file.slice(byteLength - 8, byteLength));
    if (tail.getUint32(4, true) !== 0x31524150)
      throw badData(where, "not a Parquet file, or cut short (no PAR1 at its end)");
    const length = tail.getUint32(0, true);
    if (length > byteLength - 12)
      throw badData(where, `its Parquet footer claims ${length} bytes, the file has ${byteLength}`);
    return readFooter(new Uint8Array(await file.slice(byteLength - 8 - length, byteLength - 8)), byteLength);
  } catch (error) {
    throw asBadData(where, "its Parquet footer is damaged", error);
  }
}

/** A leaf column: its path, and how many steps of the path are optional. */
interface Column {
  readonly path: readonly string[];
  readonly optional: number;
}

/** Image columns have a field `bytes`, or are named so; the label column goes by its name. */
function findColumns(
  { schema }: ParquetFooter,
  where: string,
  { label: asked, images: wantedImages, unlabelled }: ParquetOptions,
): { image: Column; otherImages: string[]; label?: Column } {
  const top: { element: SchemaElement; fields: SchemaElement[] }[] = [];
  for (let i = 1; i < schema.length; ) {
    const fields = schema.slice(i + 1, i + 1 + schema[i]!.children);
    if (fields.some((field) => field.children > 0)) {
      top.push({ element: schema[i]!, fields: [] });
      i = nextSibling(schema, i, where);
      continue;
    }
    top.push({ element: schema[i]!, fields });
    i += 1 + fields.length;
  }
  const leaf = (...path: (SchemaElement | undefined)[]): Column | undefined => {
    if (path.some((element) => !element || element.repetition === 2)) return undefined;
    const steps = path as SchemaElement[];
    return {
      path: steps.map(({ name }) => name),
      optional: steps.filter(({ repetition }) => repetition === 1).length,
    };
  };
  const bytesIn = (fields: SchemaElement[]) => fields.find(({ name }) => name === "bytes");
  const candidates = top.flatMap(({ element, fields }) => {
    const inside = bytesIn(fields);
    const flat = fields.length === 0 && [...imageColumns.slice(0, 2), wantedImages].includes(element.name);
    const column = inside ? leaf(element, inside) : flat ? leaf(element) : undefined;
    return column ? [{ name: element.name, column, flat }] : [];
  });
  const structs = candidates.filter(({ flat }) => !flat);
  const likely = (some: typeof candidates) =>
    imageColumns.flatMap((name) => some.find((one) => one.name === name) ?? []);
  const chosen =
    wantedImages === undefined
      ? (likely(structs)[0] ?? structs[0] ?? likely(candidates)[0])
      : candidates.find(({ name }) => name === wantedImages);
  if (wantedImages !== undefined && !chosen)
    throw badData(
      where,
      `has no column ${JSON.stringify(wantedImages)} of images, those are ${candidates.map(({ name }) => name).join(", ") || "none"}`,
      `Name one of them, or leave --images ${wantedImages} out.`,
    );
  const image = chosen?.column;
  const otherImages = structs.filter((one) => one !== chosen).map(({ name }) => name);
  const wanted = (asked === undefined ? labelColumns : [asked]).find((name) =>
    top.some(({ element }) => element.name === name),
  );
  const label = leaf(top.find(({ element, fields }) => fields.length === 0 && element.name === wanted)?.element);
  if (image && (label || unlabelled)) return { image, otherImages, ...(label && { label }) };
  const names = top.slice(0, 12).map(({ element }) => element.name);
  throw badData(
    where,
    `its Parquet columns are ${names.join(", ")}, none of them labels${asked === undefined ? ` (${labelColumns.slice(0, 4).join(", ")}, …)` : ` named ${asked}`}`,
    image
      ? `Name the column of the labels, for example --label ${names.find((name) => name !== chosen?.name) ?? "NAME"}`
      : "Expected a column image {bytes, path} and a column label; tables of numbers are read from CSV.",
  );
}

/** Index of the schema element behind element `i` and all that is below it. */
function nextSibling(schema: readonly SchemaElement[], i: number, where: string): number {
  let open = 1;
  for (let at = i; at < schema.length; at++) {
    open += schema[at]!.children - 1;
    if (open <= 0) return at + 1;
  }
  throw badData(where, "its Parquet schema is damaged");
}

/** ClassLabel names from the key "huggingface" of the file's metadata. */
function classNames({ metadata }: ParquetFooter, column: string): string[] | undefined {
  const text = metadata.get("huggingface");
  if (!text) return undefined;
  try {
    let value: unknown = parseStrictJson(text, "huggingface");
    for (const key of ["info", "features", column, "names"]) value = ownValue(value, key);
    return Array.isArray(value) && value.every((name) => typeof name === "string") ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The value of an object's own key; undefined where it is inherited or there is no object. */
function ownValue(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}
