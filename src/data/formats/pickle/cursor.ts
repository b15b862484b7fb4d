import { badData } from "../../badData.ts";

/** A position in the bytes of a pickle. Every read that would pass their end throws AttarError "bad-data". */
export class Cursor {
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    readonly where: string,
    /** The offset of the next byte. */
    public at = 0,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Moves `length` bytes on. @returns where they start */
  private pass(length: number): number {
    const start = this.at;
    if (!(length >= 0 && start + length <= this.bytes.length)) throw badData(this.where, "the pickle is cut short");
    this.at += length;
    return start;
  }

  take(length: number): Uint8Array {
    const start = this.pass(length);
    return this.bytes.subarray(start, start + length);
  }

  byte = (): number => this.view.getUint8(this.pass(1));
  uint16 = (): number => this.view.getUint16(this.pass(2), true);
  int32 = (): number => this.view.getInt32(this.pass(4), true);
  uint32 = (): number => this.view.getUint32(this.pass(4), true);
  /** A double, big-endian as pickles have it. */
  double = (): number => this.view.getFloat64(this.pass(8));

  /** A length of eight bytes. One that no file has ends beyond the pickle, and throws when it is taken. */
  uint64 = (): number => Number(this.view.getBigUint64(this.pass(8), true));

  /** The text up to the next line feed, which is passed. */
  line(): string {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0) throw badData(this.where, "the pickle is cut short");
    const text = Array.from(this.bytes.subarray(this.at, Math.min(end, this.at + longestLine)), (b) =>
      String.fromCharCode(b),
    ).join("");
    if (end - this.at > longestLine) throw badData(this.where, "the pickle has a line of more than a megabyte");
    this.at = end + 1;
    return text;
  }
}

const longestLine = 2 ** 20;
