import { badData } from "../badData.ts";

/** The header of a BMP. */
export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly bits: 1 | 4 | 8 | 16 | 24 | 32;
  readonly compression: "none" | "runs" | "masks";
  /** True where the first row of the file is the uppermost. */
  readonly upright: boolean;
  /** The offset of the pixels. */
  readonly start: number;
  /** Red, green and blue of each index. */
  readonly palette: readonly (readonly [number, number, number])[];
  /** The bits of red, green and blue in a word of 16 or 32 bits. */
  readonly masks: readonly { readonly mask: number; readonly shift: number; readonly most: number }[];
}

const maskOf = (mask: number) => {
  if (mask === 0) return { mask, shift: 0, most: 0 };
  const shift = 31 - Math.clz32(mask & -mask);
  return { mask, shift, most: mask >>> shift };
};
const usualMasks = { 16: [0x7c00, 0x03e0, 0x001f], 32: [0x00ff0000, 0x0000ff00, 0x000000ff] };

/** @throws AttarError "bad-data" */
export function readBmpHeader(bytes: Uint8Array, where: string): BmpHeader {
  if (bytes.length < 26 || bytes[0] !== 0x42 || bytes[1] !== 0x4d) throw badData(where, "not a BMP image");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint32(10, true);
  const size = view.getUint32(14, true);
  const old = size === 12; // of OS/2: short words, three bytes a colour
  if (!old && (size < 16 || 14 + size > bytes.length || bytes.length < 54))
    throw badData(where, "the BMP's header is damaged");
  const width = old ? view.getUint16(18, true) : view.getInt32(18, true);
  const rows = old ? view.getInt16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(old ? 24 : 28, true);
  const method = old ? 0 : view.getUint32(30, true);
  if (bits !== 1 && bits !== 4 && bits !== 8 && bits !== 16 && bits !== 24 && bits !== 32)
    throw badData(where, `a BMP of ${bits} bits a pixel is not read`);
  const compression = method === 0 ? "none" : method === 3 || method === 6 ? "masks" : "runs";
  if (method > 6 || method === 4 || method === 5 || (compression === "masks" && bits !== 16 && bits !== 32))
    throw badData(where, `a BMP of ${bits} bits with compression ${method} is not read`);
  if (compression === "runs" && bits !== (method === 1 ? 8 : 4))
    throw badData(where, `a BMP of ${bits} bits with compression ${method} is not read`);
  const upright = rows < 0;
  if (compression === "runs" && upright) throw badData(where, "a run-length encoded BMP is never upside down");
  const height = Math.abs(rows);
  if (width < 1 || height < 1 || width > 65535 || height > 65535)
    throw badData(where, `a BMP of ${width} x ${height} pixels is not one`);
  const words = bits === 16 || bits === 32;
  let masks: readonly number[] = words ? usualMasks[bits] : [];
  if (compression === "masks") {
    if (bytes.length < 66) throw badData(where, "the BMP's header is damaged");
    masks = [54, 58, 62].map((at) => view.getUint32(at, true));
  }
  const after = 14 + size + (compression === "masks" && size === 40 ? 12 : 0);
  const palette = bits <= 8 ? paletteOf(bytes, after, start, old, bits, old ? 0 : view.getUint32(46, true)) : [];
  if (bits <= 8 && palette.length === 0) throw badData(where, "the BMP has no palette");
  if (start < after || start > bytes.length) throw badData(where, "the BMP's header is damaged");
  return { width, height, bits, compression, upright, start, palette, masks: masks.map(maskOf) };
}

function paletteOf(
  bytes: Uint8Array,
  at: number,
  end: number,
  old: boolean,
  bits: number,
  used: number,
): [number, number, number][] {
  const each = old ? 3 : 4;
  const most = Math.floor((Math.min(end, bytes.length) - at) / each);
  const count = Math.max(0, Math.min(used > 0 ? used : 2 ** bits, 2 ** bits, most));
  return Array.from({ length: count }, (_, i) => {
    const from = at + i * each;
    return [bytes[from + 2]!, bytes[from + 1]!, bytes[from]!];
  });
}
