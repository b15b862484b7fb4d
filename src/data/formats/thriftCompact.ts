/** A struct of Thrift's compact protocol: field number → value; lists, maps and doubles are skipped over. */
export type ThriftStruct = Map<number, number | bigint | boolean | Uint8Array | ThriftStruct>;

/** Deepest nesting of structs that is read. */
const maxDepth = 16;

/**
 * Reads one struct of Thrift's compact protocol, as Parquet's page headers are. Bounded by the bytes it is given.
 *
 * @returns the struct and the offset behind it
 * @throws RangeError when the bytes end early or are no such struct
 */
export function readThrift(bytes: Uint8Array, offset: number): { struct: ThriftStruct; end: number } {
  const reader = new CompactReader(bytes, offset);
  return { struct: reader.struct(0), end: reader.at };
}

class CompactReader {
  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
  ) {}

  struct(depth: number): ThriftStruct {
    if (depth > maxDepth) throw new RangeError("structs nested too deep");
    const out: ThriftStruct = new Map();
    for (let field = 0; ; ) {
      const head = this.byte();
      const type = head & 15;
      if (type === 0) return out;
      field = head >> 4 ? field + (head >> 4) : Number(this.zigzag());
      const value = this.value(type, depth);
      if (value !== undefined) out.set(field, value);
    }
  }

  private value(type: number, depth: number): number | bigint | boolean | Uint8Array | ThriftStruct | undefined {
    if (type === 1 || type === 2) return type === 1;
    if (type === 3) return this.byte();
    if (type === 4 || type === 5) return Number(this.zigzag());
    if (type === 6) return this.zigzag();
    if (type === 7) return void this.skip(8);
    if (type === 8) return this.skip(Number(this.varint()));
    if (type === 12) return this.struct(depth + 1);
    if (type === 9 || type === 10) return void this.list(depth);
    throw new RangeError(`unknown field type ${type}`);
  }

  private list(depth: number): void {
    const head = this.byte();
    const size = head >> 4 === 15 ? Number(this.varint()) : head >> 4;
    for (let i = 0; i < size; i++) {
      if ((head & 15) <= 2) this.byte();
      else this.value(head & 15, depth + 1);
    }
  }

  private byte(): number {
    if (this.at >= this.bytes.length) throw new RangeError("a header is cut short");
    return this.bytes[this.at++]!;
  }

  private skip(length: number): Uint8Array {
    const start = this.at;
    if (!(length >= 0 && start + length <= this.bytes.length)) throw new RangeError("a header is cut short");
    this.at += length;
    return this.bytes.subarray(start, this.at);
  }

  private varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new RangeError("a number is too long");
  }

  private zigzag(): bigint {
    const value = this.varint();
    return (value >> 1n) ^ -(value & 1n);
  }
}
