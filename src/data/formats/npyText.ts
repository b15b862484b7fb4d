import { badData } from "../badData.ts";

/** The number of texts that a .npy array claims to hold, dtype `<U…`, `>U…` or `|S…`; undefined for other arrays. */
export const textCount = (bytes: Uint8Array): number | undefined => textHeader(bytes)?.count;

const utf8 = new TextDecoder();

interface TextHeader {
  readonly start: number;
  /** Characters a text, and bytes a character: 4 for code points, 1 for byte strings. */
  readonly length: number;
  readonly width: 1 | 4;
  readonly littleEndian: boolean;
  readonly count: number;
}

function textHeader(bytes: Uint8Array): TextHeader | undefined {
  if (bytes.length < 10 || bytes[0] !== 0x93 || bytes[6] !== 1) return undefined;
  const start = 10 + (bytes[8]! | (bytes[9]! << 8));
  const header = new TextDecoder("latin1").decode(bytes.subarray(10, start));
  const [, order, kind, length] = /'descr'\s*:\s*'([<>|])([US])(\d{1,7})'/.exec(header) ?? [];
  const dims = /'shape'\s*:\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (length === undefined || dims === undefined) return undefined;
  const count = dims
    .split(",")
    .filter((d) => d.trim() !== "")
    .reduce((product, d) => product * Number(d), 1);
  return { start, length: Number(length), width: kind === "U" ? 4 : 1, littleEndian: order !== ">", count };
}

/**
 * Reads the texts of a NumPy array of dtype `<U…`, `>U…` or `|S…`, in order.
 *
 * @throws AttarError "bad-data" for another array, a length that does not match, or a number that is no character
 */
export function parseTextNpy(bytes: Uint8Array, where: string): string[] {
  const header = textHeader(bytes);
  if (!header) throw badData(where, "not an array of texts");
  const { start, length, width, littleEndian, count } = header;
  if (length === 0) return [];
  const expected = count * length * width;
  if (bytes.length - start !== expected)
    throw badData(
      where,
      `${count} texts of ${length} characters ask for ${expected} bytes, the array has ${bytes.length - start}`,
    );
  if (width === 1)
    return Array.from({ length: count }, (_, i) =>
      utf8.decode(bytes.subarray(start + i * length, start + (i + 1) * length)).replace(/\0+$/, ""),
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset + start);
  const texts: string[] = [];
  for (let i = 0; i < count; i++) {
    let text = "";
    for (let at = 0; at < length; at++) {
      const point = view.getUint32((i * length + at) * 4, littleEndian);
      if (point > 0x10ffff) throw badData(where, `text ${i} holds a number that is no character`);
      if (point > 0) text += String.fromCodePoint(point);
    }
    texts.push(text);
  }
  return texts;
}

/** Writes texts as a NumPy array of dtype `<U…`, one dimension, which `numpy.load` reads without pickling. */
export function encodeTextNpy(texts: readonly string[]): Uint8Array {
  const points = texts.map((text) => Array.from(text, (character) => character.codePointAt(0)!));
  const length = Math.max(1, ...points.map((own) => own.length));
  const text = `{'descr': '<U${length}', 'fortran_order': False, 'shape': (${texts.length},), }`;
  const header = `${text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11)}\n`;
  const start = 10 + header.length;
  const out = new Uint8Array(start + texts.length * length * 4);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  out.set(new TextEncoder().encode(header), 10);
  const view = new DataView(out.buffer);
  for (const [i, own] of points.entries())
    for (const [at, point] of own.entries()) view.setUint32(start + (i * length + at) * 4, point, true);
  return out;
}
