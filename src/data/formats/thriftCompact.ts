/** Types of the compact protocol, by their number in the bytes. */
export const thriftType = { yes: 1, no: 2, byte: 3, i16: 4, i32: 5, i64: 6, double: 7, binary: 8, list: 9, struct: 12 };

/** Deepest nesting of structs and lists that is read. */
const maxDepth = 16;
/** The number of bytes that 64 bits take in groups of seven. */
const longestVarint = 10;

/**
 * A reader of Thrift's compact protocol, in which Parquet keeps its page headers and its footer. Takes time in proportion
 * to the bytes, holds nothing but what its caller keeps, and refuses numbers of more than 64 bits.
 */
export class ThriftReader {
  private depth = 0;

  constructor(
    private readonly bytes: Uint8Array,
    /** The offset of the next byte. */
    public at = 0,
  ) {}

  /**
   * Reads a struct: `field` is called with each field's number and type, and must read its value; where it returns false the
   * value is passed over.
   *
   * @throws RangeError when the bytes end early or are no struct
   */
  struct(field: (id: number, type: number) => boolean): void {
    if (++this.depth > maxDepth) throw new RangeError("structs nested too deep");
    for (let id = 0; ; ) {
      const head = this.byte();
      const type = head & 15;
      if (type === 0) break;
      id = head >> 4 ? id + (head >> 4) : this.integer();
      if (!field(id, type)) this.skip(type);
    }
    this.depth--;
  }

  /** Reads a list of structs or of binaries: `element` is called once an element and must read it. */
  list(elementType: number, element: () => void): void {
    const { type, size } = this.listHead();
    if (size > 0 && type !== elementType) throw new RangeError(`a list of type ${type}, expected ${elementType}`);
    for (let i = 0; i < size; i++) element();
  }

  /** Reads an integer of up to 64 bits; one beyond 2⁵³ is refused, as no size or count is. */
  integer(): number {
    const value = this.varint();
    const number = Number((value >> 1n) ^ -(value & 1n));
    if (!Number.isSafeInteger(number)) throw new RangeError("a number is too large");
    return number;
  }

  /** Reads a string of bytes, sharing memory with the whole. */
  binary(): Uint8Array {
    return this.take(Number(this.varint()));
  }

  private skip(type: number): void {
    if (type === thriftType.yes || type === thriftType.no) return;
    if (type === thriftType.byte) this.take(1);
    else if (type === thriftType.i16 || type === thriftType.i32 || type === thriftType.i64) this.varint();
    else if (type === thriftType.double) this.take(8);
    else if (type === thriftType.binary) this.binary();
    else if (type === thriftType.struct) this.struct(() => false);
    else if (type === thriftType.list || type === thriftType.list + 1) this.skipList();
    else throw new RangeError(`unknown field type ${type}`);
  }

  private skipList(): void {
    if (++this.depth > maxDepth) throw new RangeError("lists nested too deep");
    const { type, size } = this.listHead();
    if (type <= thriftType.byte) this.take(size);
    else for (let i = 0; i < size; i++) this.skip(type);
    this.depth--;
  }

  private listHead(): { type: number; size: number } {
    const head = this.byte();
    const size = head >> 4 === 15 ? Number(this.varint()) : head >> 4;
    if (size > this.bytes.length - this.at) throw new RangeError(`a list claims ${size} elements`);
    return { type: head & 15, size };
  }

  private byte(): number {
    if (this.at >= this.bytes.length) throw new RangeError("it is cut short");
    return this.bytes[this.at++]!;
  }

  private take(length: number): Uint8Array {
    const start = this.at;
    if (!(length >= 0 && start + length <= this.bytes.length)) throw new RangeError("it is cut short");
    this.at += length;
    return this.bytes.subarray(start, this.at);
  }

  private varint(): bigint {
    let value = 0n;
    for (let i = 0; i < longestVarint; i++) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << BigInt(7 * i);
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw new RangeError("a number is too long");
  }
}
