import { badData } from "../badData.ts";
import { cellNumber } from "./cellNumber.ts";
import { separatorOf } from "./separator.ts";

/** The longest record, in bytes: what is longer is no table. */
const longest = 2 ** 24;

/** The bytes from the start that the separator is found in. */
const headBytes = 2 ** 20;

const [quote, newline, carriage, hash] = [0x22, 0x0a, 0x0d, 0x23];
const isBlank = (byte: number) => byte === 0x20 || byte === 0x09;

/** A record of a table, valid until the next one is handed over. */
export interface TableRecord {
  /** The line or row that it is, from 1. */
  readonly line: number;
  readonly width: number;
  /** The cell as a number; NaN where it is none. */
  number(column: number): number;
  text(column: number): string;
  texts(): string[];
}

/** A record of a CSV: its cells lie in a buffer that the next record reuses. */
export class CsvRecord implements TableRecord {
  /** The line it starts on, from 1. */
  line = 0;
  /** The number of cells. */
  width = 0;
  bytes = new Uint8Array(0);
  private starts = new Int32Array(64);
  private ends = new Int32Array(64);

  constructor(private readonly where: string) {}

  /** Takes the cell [from, to), without blanks around it. */
  add(from: number, to: number): void {
    if (this.width === this.starts.length) {
      this.starts = grown(this.starts);
      this.ends = grown(this.ends);
    }
    let [first, last] = [from, to];
    while (first < last && isBlank(this.bytes[first]!)) first++;
    while (last > first && isBlank(this.bytes[last - 1]!)) last--;
    this.starts[this.width] = first;
    this.ends[this.width++] = last;
  }

  isEmpty(column: number): boolean {
    return this.starts[column] === this.ends[column];
  }

  /** The cell as a number; NaN where it is none. */
  number(column: number): number {
    let [from, to] = [this.starts[column]!, this.ends[column]!];
    if (this.bytes[from] === quote && to - from >= 2 && this.bytes[to - 1] === quote) {
      from++;
      to--;
    }
    return cellNumber(this.bytes, from, to);
  }

  /**
   * The cell's text, without its quotes.
   *
   * @throws AttarError "bad-data" where it is not UTF-8
   */
  text(column: number): string {
    const raw = this.bytes.subarray(this.starts[column], this.ends[column]);
    let text: string;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
    } catch {
      throw badData(this.where, `line ${this.line}, column ${column + 1} is not UTF-8`, "Save the file as UTF-8.");
    }
    if (!text.startsWith('"')) return text;
    return text.replace(/^"|"$/g, "").replaceAll('""', '"').trim();
  }

  /** All cells as texts. */
  texts(): string[] {
    return Array.from({ length: this.width }, (_, column) => this.text(column));
  }
}

function grown(old: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const out = new Int32Array(2 * old.length);
  out.set(old);
  return out;
}

/**
 * Takes a CSV apart piece by piece. Blank lines, lines of empty cells and comments ("#" first) are passed over; a quoted cell
 * may hold separators and line ends.
 */
export class CsvReader {
  /** The separator of cells; known once the head of the file is. */
  separator = "";
  private readonly record: CsvRecord;
  private rest = new Uint8Array(0);
  private line = 1;
  private begun = false;
  /** The number of line ends inside the quoted cells of the record at hand. */
  private inside = 0;

  /**
   * @param onRecord told each record; what it is given is valid until it returns
   * @param onComment told the text of each comment, without the "#"
   */
  constructor(
    private readonly where: string,
    private readonly onRecord: (record: CsvRecord) => void,
    private readonly onComment: (text: string) => void = () => {},
  ) {
    this.record = new CsvRecord(where);
  }

  /** Takes the next bytes of the file. @throws AttarError "bad-data" */
  push(piece: Uint8Array): void {
    let bytes = piece;
    if (this.rest.length > 0) {
      bytes = new Uint8Array(this.rest.length + piece.length);
      bytes.set(this.rest);
      bytes.set(piece, this.rest.length);
    }
    if (this.separator === "" && bytes.length < headBytes) this.rest = bytes.slice();
    else this.rest = this.read(bytes, false);
  }

  /** Ends the file. @throws AttarError "bad-data" */
  end(): void {
    this.read(this.rest, true);
    this.rest = new Uint8Array(0);
  }

  /** Reads the complete records and returns what is left. */
  private read(bytes: Uint8Array, last: boolean): Uint8Array<ArrayBuffer> {
    const { record } = this;
    if (this.separator === "") this.separator = this.found(bytes.subarray(0, headBytes));
    const separator = this.separator.charCodeAt(0);
    record.bytes = bytes as Uint8Array<ArrayBuffer>;
    let at = this.begun ? 0 : bom(bytes);
    if (bytes.length > 2) this.begun = true;
    let start = at;
    while (start < bytes.length) {
      record.width = 0;
      record.line = this.line;
      const [quoted, end] = this.cells(bytes, start, separator);
      if (quoted && last)
        throw badData(
          this.where,
          `line ${this.line}: a quoted cell is not closed`,
          'Close it; a quotation mark within a cell is written twice: "a ""b"" c".',
        );
      const cut = end >= bytes.length || (bytes[end] === carriage && end + 1 === bytes.length);
      if (cut && !last) break;
      at = end + (bytes[end] === carriage && bytes[end + 1] === newline ? 2 : 1);
      this.line += 1 + this.inside;
      this.hand(bytes, start, end);
      start = at;
    }
    if (bytes.length - start > longest)
      throw badData(this.where, `line ${this.line} is longer than ${longest} bytes`, "Check that it is a CSV.");
    return bytes.slice(Math.min(start, bytes.length)) as Uint8Array<ArrayBuffer>;
  }

  private found(head: Uint8Array): string {
    const [a, b] = head;
    if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || head.includes(0))
      throw badData(this.where, "is not UTF-8 text", "Save the file as UTF-8.");
    const separator = separatorOf(new TextDecoder().decode(head));
    if (separator) return separator;
    if (/^\s*$/.test(new TextDecoder().decode(head)))
      throw badData(this.where, "the CSV is empty", "Add a header and rows to it, or give another file.");
    throw badData(
      this.where,
      "line 1 has one column, a CSV needs features and a label",
      "Cells are separated by commas, semicolons or tabs.",
    );
  }

  /** Finds the cells of the record at `start`; returns whether a quote is open at its end, and where it ends. */
  private cells(bytes: Uint8Array, start: number, separator: number): [boolean, number] {
    const { record } = this;
    let [cell, at, blank] = [start, start, true];
    this.inside = 0;
    for (; at < bytes.length; at++) {
      const c = bytes[at]!;
      if (c === separator) {
        record.add(cell, at);
        cell = at + 1;
        blank = true;
      } else if (c === newline || c === carriage) break;
      else if (c === quote && blank) {
        for (at++; at < bytes.length; at++) {
          if (bytes[at] === newline) this.inside++;
          if (bytes[at] !== quote) continue;
          if (bytes[at + 1] !== quote) break;
          at++;
        }
        if (at >= bytes.length) return [true, at];
        blank = false;
      } else if (blank && !isBlank(c)) blank = false;
    }
    record.add(cell, at);
    return [false, at];
  }

  private hand(bytes: Uint8Array, start: number, end: number): void {
    const { record } = this;
    let first = start;
    while (first < end && isBlank(bytes[first]!)) first++;
    if (bytes[first] === hash && first < end) {
      this.onComment(new TextDecoder().decode(bytes.subarray(first + 1, end)));
      return;
    }
    let column = 0;
    while (column < record.width && record.isEmpty(column)) column++;
    if (column < record.width) this.onRecord(record);
  }
}

const bom = (bytes: Uint8Array) => (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0);
