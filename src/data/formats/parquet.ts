import { asBadData, badData, guarded } from "../badData.ts";
import { convertParquet, otherImageKind } from "../convertAdvice.ts";
import type { LabelledImage } from "../packImages.ts";
import { Budget } from "./budget.ts";
import type { Inflate } from "./inflate.ts";
import { booleanType, type Cell, readColumnChunk } from "./parquetColumn.ts";
import { type ParquetFooter, type RowGroup, readFooter, type SchemaElement } from "./parquetFooter.ts";
import { type DecodedImage, parsePng } from "./png.ts";
import { parseStrictJson } from "./strictJson.ts";

/** A file of which parts are read; an ArrayBuffer is one. */
export interface SlicedFile {
  readonly byteLength: number;
  slice(start: number, end: number): ArrayBuffer | Promise<ArrayBuffer>;
}

/** Images of one Parquet file, with labels as the file has them. */
export interface ParquetImages {
  readonly images: readonly LabelledImage[];
  /** One a row: numbers, or texts; "" where there is none. Truth values are "False" and "True". */
  readonly labels: readonly (number | string)[];
  /** The name of the label column; undefined where there is none. */
  readonly labelColumn?: string;
  /** Class names, where the file carries Hugging Face's ClassLabel. */
  readonly classes?: readonly string[];
}

const labelColumns = ["label", "labels", "fine_label", "class", "target", "y"];

/** The options of {@link parseParquet}. */
export interface ParquetOptions {
  /** The portable one when left out. */
  readonly unpack?: Inflate;
  /** The label column; when left out the first of label, labels, fine_label, class, target and y. */
  readonly label?: string;
  /** True where a file without a label column is read, its labels all "". */
  readonly unlabelled?: boolean;
}

/** The bytes that a row takes in memory beside its pixels, about. */
const rowBytes = 256;

/**
 * Reads a Parquet file in the Hugging Face layout: a column of structs {bytes, path} (or of plain bytes) with encoded
 * PNG images, and a label column of numbers, texts or truth values.
 *
 * @throws AttarError "bad-data"
 */
export async function parseParquet(
  file: SlicedFile,
  where: string,
  options: ParquetOptions = {},
): Promise<ParquetImages> {
  const { unpack } = options;
  const footer = await footerOf(file, where);
  const columns = findColumns(footer, where, options);
  const [pages, pixels] = [new Budget(file.byteLength, where), new Budget(file.byteLength, where)];
  const images: LabelledImage[] = [];
  const labels: (number | string)[] = [];
  let unread = file.byteLength;
  for (const group of footer.groups) {
    const imageChunk = chunkOf(group, columns.image, where);
    const labelChunk = columns.label && chunkOf(group, columns.label, where);
    unread -= imageChunk.length + (labelChunk?.length ?? 0);
    if (unread < 0) throw badData(where, "the Parquet columns overlap");
    const read = async (chunk: typeof imageChunk, { optional }: Column): Promise<Cell[]> => {
      const bytes = new Uint8Array(await file.slice(chunk.start, chunk.start + chunk.length));
      return guarded(where, "the Parquet data is damaged", () => readColumnChunk(bytes, chunk, optional, pages));
    };
    const cells = await read(imageChunk, columns.image);
    const labelCells = columns.label && labelChunk ? await read(labelChunk, columns.label) : [];
    const truth = labelChunk?.type === booleanType;
    const decoded = new Map<Uint8Array, DecodedImage>(); // rows that share a cell of the dictionary share its image
    for (const [i, cell] of cells.entries()) {
      const at = `${where}, row ${images.length}`;
      if (!(cell instanceof Uint8Array)) throw badData(at, "has no image bytes");
      const known = decoded.get(cell);
      pixels.take(rowBytes + (known ? known.data.byteLength : 0));
      const kind = known ? undefined : otherImageKind(cell);
      if (kind)
        throw badData(at, `is ${kind}: only PNG images are decoded`, convertParquet(where, columns.image.path[0]!));
      const image = known ?? parsePng(cell, at, { unpack, budget: pixels });
      decoded.set(cell, image);
      images.push({ image, label: 0, where: at });
      const label = labelCells[i];
      if (label === undefined) labels.push("");
      else if (typeof label === "number") labels.push(truth ? (label === 0 ? "False" : "True") : label);
      else labels.push(new TextDecoder().decode(label));
    }
  }
  const labelColumn = columns.label?.path[0];
  const classes = labelColumn === undefined ? undefined : classNames(footer, labelColumn);
  return { images, labels, ...(labelColumn !== undefined && { labelColumn }), ...(classes && { classes }) };
}

function chunkOf({ rows, columns }: RowGroup, { path }: Column, where: string) {
  const chunk = columns.find((candidate) => candidate.path.join("\n") === path.join("\n"));
  if (chunk?.values !== rows) throw badData(where, `its Parquet column ${path.join(".")} does not have ${rows} values`);
  return chunk;
}

async function footerOf(file: SlicedFile, where: string): Promise<ParquetFooter> {
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

/** The image column is the first with a field `bytes`, or one named so; the label column goes by its name. */
function findColumns(
  { schema }: ParquetFooter,
  where: string,
  { label: asked, unlabelled }: ParquetOptions,
): { image: Column; label?: Column } {
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
  const bytesOf = (fields: SchemaElement[]) => fields.find(({ name }) => name === "bytes");
  const struct = top.find(({ fields }) => bytesOf(fields));
  const flat = top.find(({ element, fields }) => fields.length === 0 && ["image", "img"].includes(element.name));
  const image = struct ? leaf(struct.element, bytesOf(struct.fields)) : leaf(flat?.element);
  const wanted = (asked === undefined ? labelColumns : [asked]).find((name) =>
    top.some(({ element }) => element.name === name),
  );
  const label = leaf(top.find(({ element, fields }) => fields.length === 0 && element.name === wanted)?.element);
  if (image && (label || unlabelled)) return { image, ...(label && { label }) };
  const names = top.slice(0, 12).map(({ element }) => element.name);
  throw badData(
    where,
    `its Parquet columns are ${names.join(", ")}${asked === undefined ? "" : `, none of them labels named ${asked}`}`,
    image
      ? `Name the column of the labels, for example --label ${names.at(-1)}`
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
