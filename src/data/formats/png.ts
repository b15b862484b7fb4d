import { convertIndexedToRgb, decode, encode } from "fast-png";
import { asBadData, badData } from "../badData.ts";
import { maxDeflateRatio } from "./inflate.ts";

/** A decoded image: one byte a value, channels first. */
export interface PlanarImage {
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
  /** [channels, height, width]. */
  readonly data: Uint8Array;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Longest side that is read, in pixels. */
export const maxSide = 16384;

/**
 * Reads a PNG: 1 to 16 bits, grey, RGB, with or without alpha, or palette. 16-bit values keep their high byte; alpha is
 * dropped. Size claims are checked against the file's length before decoding.
 *
 * @throws AttarError "bad-data"
 */
export function parsePng(bytes: Uint8Array, where: string): PlanarImage {
  if (isJpeg(bytes))
    throw badData(
      where,
      "JPEG images are not read, only PNG",
      "Convert them first, for example: magick mogrify -format png *.jpg",
    );
  if (bytes.length < 33 || signature.some((b, i) => bytes[i] !== b)) throw badData(where, "not a PNG image");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const samples = [1, 0, 3, 1, 2, 0, 4][bytes[25]!] ?? 0;
  const claimed = (width * height * samples * bytes[24]!) / 8;
  if (
    width < 1 ||
    height < 1 ||
    width > maxSide ||
    height > maxSide ||
    !(samples > 0) ||
    claimed > bytes.length * maxDeflateRatio
  )
    throw badData(where, `a PNG of ${bytes.length} bytes cannot hold ${width} x ${height} pixels`);
  try {
    const png = decode(bytes, { checkCrc: true });
    const flat = png.palette
      ? convertIndexedToRgb(png)
      : png.depth < 8
        ? unpackBits(png.data, width, height, png.depth)
        : png.data;
    const plane = width * height;
    const stored = flat.length / plane;
    const channels = stored >= 3 ? 3 : 1;
    if (!Number.isInteger(stored) || stored > 4) throw badData(where, "the PNG's pixel data is damaged");
    const shift = png.depth === 16 ? 8 : 0;
    const data = new Uint8Array(channels * plane);
    for (let c = 0; c < channels; c++)
      for (let i = 0; i < plane; i++) data[c * plane + i] = flat[i * stored + c]! >> shift;
    return { channels, height, width, data };
  } catch (error) {
    throw asBadData(where, "the PNG is damaged or cut short", error);
  }
}

/** Grey of 1, 2 or 4 bits, rows padded to whole bytes, stretched to 0..255. */
function unpackBits(packed: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array {
  const stride = Math.ceil((width * depth) / 8);
  const top = 2 ** depth - 1;
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const byte = packed[y * stride + (bit >> 3)]!;
      out[y * width + x] = (((byte >> (8 - depth - (bit & 7))) & top) * 255) / top;
    }
  return out;
}

/** Writes an 8-bit grey or RGB PNG. */
export function encodePng({ channels, height, width, data }: PlanarImage): Uint8Array {
  const plane = height * width;
  const interleaved = new Uint8Array(channels * plane);
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < plane; i++) interleaved[i * channels + c] = data[c * plane + i]!;
  return encode({ width, height, channels, depth: 8, data: interleaved });
}

/** Whether `bytes` start with the JPEG signature. */
export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}
