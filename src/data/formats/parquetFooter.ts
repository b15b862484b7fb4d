import { ThriftReader, thriftType } from "./thriftCompact.ts";

/** The part of a Parquet file's footer that reading images and labels takes. */
export interface ParquetFooter {
  readonly rows: number;
  /** The schema as the file has it: the root, then depth first. */
  readonly schema: readonly SchemaElement[];
  readonly groups: readonly RowGroup[];
  readonly metadata: ReadonlyMap<string, string>;
}

/** A column, or a group of them. */
export interface SchemaElement {
  readonly name: string;
  /** 0 required, 1 optional, 2 repeated. */
  readonly repetition: number;
  readonly children: number;
  /** What the values stand for, by the number of its converted type, or of the logical type that means the same. */
  readonly converted?: number;
}

/** Rows whose columns lie together in the file. */
export interface RowGroup {
  readonly rows: number;
  readonly columns: readonly ColumnChunk[];
}

/** A column of one row group: what it holds and where. */
export interface ColumnChunk {
  readonly path: readonly string[];
  /** Physical type by its number: 1 int32, 2 int64, 6 byte array. */
  readonly type: number;
  /** Compression by its number. */
  readonly codec: number;
  readonly values: number;
  /** The chunk's bytes in the file. */
  readonly start: number;
  readonly length: number;
}

const text = new TextDecoder();

/**
 * Reads the footer of a Parquet file, a struct of Thrift's compact protocol. Every number is checked to be what it counts:
 * no group has negative rows, the groups' rows sum to the file's, no column lies beyond it.
 *
 * @param bytes the footer alone
 * @param fileBytes the length of the whole file
 * @throws RangeError saying what is damaged
 */
export function readFooter(bytes: Uint8Array, fileBytes: number): ParquetFooter {
  const reader = new ThriftReader(bytes);
  const schema: SchemaElement[] = [];
  const groups: RowGroup[] = [];
  const metadata = new Map<string, string>();
  let rows = -1;
  reader.struct((id, type) => {
    if (id === 2 && type === thriftType.list)
      reader.list(thriftType.struct, () => void schema.push(schemaElement(reader)));
    else if (id === 3 && type === thriftType.i64) rows = reader.integer();
    else if (id === 4 && type === thriftType.list)
      reader.list(thriftType.struct, () => void groups.push(rowGroup(reader, fileBytes)));
    else if (id === 5 && type === thriftType.list)
      reader.list(thriftType.struct, () => {
        const [key, value] = keyValue(reader);
        metadata.set(key, value);
      });
    else return false;
    return true;
  });
  const summed = groups.reduce((sum, group) => sum + group.rows, 0);
  if (!(rows >= 0 && rows <= fileBytes && summed === rows))
    throw new RangeError(`it claims ${rows} rows in groups of ${summed}, the file has ${fileBytes} bytes`);
  if (schema.length === 0) throw new RangeError("it has no schema");
  return { rows, schema, groups, metadata };
}

function schemaElement(reader: ThriftReader): SchemaElement {
  let [name, repetition, children] = ["", 0, 0];
  let converted: number | undefined;
  reader.struct((id, type) => {
    if (id === 3 && type === thriftType.i32) repetition = reader.integer();
    else if (id === 4 && type === thriftType.binary) name = text.decode(reader.binary());
    else if (id === 5 && type === thriftType.i32) children = reader.integer();
    else if (id === 6 && type === thriftType.i32) converted = reader.integer();
    else if (id === 10 && type === thriftType.struct)
      reader.struct((logical) => {
        converted ??= logicalTypes.get(logical);
        return false;
      });
    else return false;
    return true;
  });
  if (children < 0) throw new RangeError(`a column has ${children} parts`);
  return { name, repetition, children, ...(converted !== undefined && { converted }) };
}

/** Numbers of logical types that have a converted type: decimals, dates, times, and both together. */
const logicalTypes = new Map([
  [5, 5],
  [6, 6],
  [7, 7],
  [8, 9],
]);

function rowGroup(reader: ThriftReader, fileBytes: number): RowGroup {
  const columns: ColumnChunk[] = [];
  let rows = -1;
  reader.struct((id, type) => {
    if (id === 1 && type === thriftType.list)
      reader.list(thriftType.struct, () => {
        const chunk = columnChunk(reader, fileBytes);
        if (chunk) columns.push(chunk);
      });
    else if (id === 3 && type === thriftType.i64) rows = reader.integer();
    else return false;
    return true;
  });
  if (rows < 0) throw new RangeError(`a row group has ${rows} rows`);
  return { rows, columns };
}

/** A column without metadata in the footer (its place is elsewhere) counts as absent. */
function columnChunk(reader: ThriftReader, fileBytes: number): ColumnChunk | undefined {
  let found: ColumnChunk | undefined;
  reader.struct((id, type) => {
    if (id !== 3 || type !== thriftType.struct) return false;
    found = columnMetadata(reader, fileBytes);
    return true;
  });
  return found;
}

function columnMetadata(reader: ThriftReader, fileBytes: number): ColumnChunk {
  const path: string[] = [];
  const numbers = new Map<number, number>();
  reader.struct((id, type) => {
    if (id === 3 && type === thriftType.list)
      reader.list(thriftType.binary, () => void path.push(text.decode(reader.binary())));
    else if (type === thriftType.i32 || type === thriftType.i64) numbers.set(id, reader.integer());
    else return false;
    return true;
  });
  const name = path.join(".");
  const number = (id: number): number => {
    const value = numbers.get(id);
    if (value === undefined || value < 0) throw new RangeError(`column "${name}" has no valid size`);
    return value;
  };
  const data = number(9);
  const dictionary = numbers.get(11);
  const start = dictionary === undefined ? data : number(11);
  const length = number(7);
  if (start + length > fileBytes) throw new RangeError(`column "${name}" lies beyond the file's ${fileBytes} bytes`);
  return { path, type: number(1), codec: number(4), values: number(5), start, length };
}

function keyValue(reader: ThriftReader): [string, string] {
  let [key, value] = ["", ""];
  reader.struct((id, type) => {
    if (type !== thriftType.binary || id > 2) return false;
    const read = text.decode(reader.binary());
    if (id === 1) key = read;
    else value = read;
    return true;
  });
  return [key, value];
}
