import { badData } from "../badData.ts";
import { type Inflate, inflate } from "./inflate.ts";
import { inflateHint, inflateLimit } from "./inflateLimit.ts";

/** The deepest struct within structs that is read. */
const deepest = 8;

/** A numeric MATLAB array in column-major order. */
export interface MatlabArray {
  readonly dims: readonly number[];
  readonly data: Uint8Array | Float64Array;
}

const miUINT8 = 2;
const miCOMPRESSED = 15;
const miMATRIX = 14;
const mxSTRUCT = 2;
/** Element types in which MATLAB stores numbers, by their number in the file. */
const bytesOf: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 6: 4, 7: 4, 9: 8, 12: 8, 13: 8 };

/**
 * Reads the numeric arrays of a MATLAB v5 .mat file (what SVHN comes in), little-endian, compressed elements included.
 * Arrays of bytes stay bytes, all others become float64. The fields of a struct have its name before theirs:
 * "dataset/train/images"; arrays of structs and other classes (cells, texts, sparse matrices) are skipped.
 *
 * @throws AttarError "bad-data"
 */
export function parseMatlab(bytes: Uint8Array, where: string, unpack: Inflate = inflate): Map<string, MatlabArray> {
  if (bytes.length < 128 || bytes[126] !== 0x49 || bytes[127] !== 0x4d)
    throw badData(
      where,
      "not a little-endian MATLAB file of version 5 to 7.3",
      "In MATLAB save(file, '-v7') writes one, in Python scipy.io.savemat.",
    );
  const arrays = new Map<string, MatlabArray>();
  let left = inflateLimit(bytes.length); // of what the elements inflate to and the numbers widen to, all together
  for (let at = 128; at < bytes.length; ) {
    let element = tag(bytes, at, where);
    at = element.next;
    if (element.type === miCOMPRESSED) {
      const inflated = unpack(element.data, "zlib", left, where);
      left -= inflated.length;
      element = tag(inflated, 0, where);
    }
    if (element.type !== miMATRIX) continue;
    for (const { name, dims, real } of readMatrix(element.data, where)) {
      if (arrays.has(name)) throw badData(where, `holds two MATLAB arrays named "${name}"`);
      if (real.type === miUINT8) arrays.set(name, { dims, data: real.data });
      else {
        left -= (real.data.length / bytesOf[real.type]!) * 8;
        if (left < 0)
          throw badData(where, `the numbers of MATLAB array "${name}" are too many for its size`, inflateHint);
        arrays.set(name, { dims, data: widen(real) });
      }
    }
  }
  return arrays;
}

interface Element {
  type: number;
  data: Uint8Array;
  next: number;
}

/** A tag is type and length in 4 bytes each, data padded to 8; or, for up to 4 bytes, both in 2 bytes and the data. */
function tag(bytes: Uint8Array, at: number, where: string): Element {
  if (at + 8 > bytes.length) throw badData(where, "cut short inside a MATLAB element");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = view.getUint32(at, true);
  const small = word >>> 16;
  const length = small || view.getUint32(at + 4, true);
  const start = small ? at + 4 : at + 8;
  if ((small && length > 4) || start + length > bytes.length)
    throw badData(where, `a MATLAB element claims ${length} bytes, ${bytes.length - start} are left (cut short?)`);
  const type = small ? word & 0xffff : word;
  const padded = type === miCOMPRESSED ? length : Math.ceil(length / 8) * 8;
  return { type, data: bytes.subarray(start, start + length), next: small ? at + 8 : start + padded };
}

interface Matrix {
  readonly name: string;
  readonly dims: readonly number[];
  readonly real: Element;
}

/** The numeric arrays that a matrix element holds: one, those of a struct's fields, or none of cells and the like. */
function* readMatrix(bytes: Uint8Array, where: string, before = "", depth = 0): Generator<Matrix> {
  const flags = tag(bytes, 0, where);
  const matrixClass = flags.data[0] ?? 0;
  if (matrixClass !== mxSTRUCT && (matrixClass < 6 || matrixClass > 15)) return;
  const shape = tag(bytes, flags.next, where);
  const view = new DataView(shape.data.buffer, shape.data.byteOffset, shape.data.byteLength);
  const dims = Array.from({ length: shape.data.length >> 2 }, (_, i) => view.getInt32(4 * i, true));
  if (dims.length > 32) throw badData(where, `a MATLAB array of ${dims.length} dimensions is not read`);
  const label = tag(bytes, shape.next, where);
  const name = before || new TextDecoder("latin1").decode(label.data);
  if (matrixClass === mxSTRUCT) {
    if (dims.every((d) => d === 1) && depth < deepest) yield* readFields(bytes, label.next, where, name, depth);
    return;
  }
  const real = tag(bytes, label.next, where);
  const width = bytesOf[real.type];
  if (!width) throw badData(where, `MATLAB array "${name}" has element type ${real.type}, which is not read`);
  const expected = dims.reduce((product, d) => product * d, width);
  if (dims.length < 2 || dims.some((d) => d < 0) || expected !== real.data.length)
    throw badData(where, `MATLAB array "${name}" of size [${dims}] needs ${expected} bytes, has ${real.data.length}`);
  yield { name, dims, real };
}

/** The arrays of a struct: the length of a field's name, the names padded to it, a matrix element each. */
function* readFields(bytes: Uint8Array, at: number, where: string, struct: string, depth: number): Generator<Matrix> {
  const width = tag(bytes, at, where);
  const names = tag(bytes, width.next, where);
  const length = width.data[0] ?? 0;
  if (length < 1) throw badData(where, `MATLAB struct "${struct}" has fields without a name`);
  let next = names.next;
  for (let start = 0; start + length <= names.data.length; start += length) {
    const field = new TextDecoder("latin1").decode(names.data.subarray(start, start + length)).replace(/\0.*$/s, "");
    const element = tag(bytes, next, where);
    next = element.next;
    if (element.type === miMATRIX && element.data.length > 0)
      yield* readMatrix(element.data, where, `${struct}/${field}`, depth + 1);
  }
}

function widen({ type, data }: Element): Float64Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const read: Record<number, (i: number) => number> = {
    1: (i) => view.getInt8(i),
    3: (i) => view.getInt16(i, true),
    4: (i) => view.getUint16(i, true),
    5: (i) => view.getInt32(i, true),
    6: (i) => view.getUint32(i, true),
    7: (i) => view.getFloat32(i, true),
    9: (i) => view.getFloat64(i, true),
    12: (i) => Number(view.getBigInt64(i, true)),
    13: (i) => Number(view.getBigUint64(i, true)),
  };
  const width = bytesOf[type]!;
  return Float64Array.from({ length: data.length / width }, (_, i) => read[type]!(i * width));
}
