import { badData } from "../badData.ts";
import { maxPixels, type Pixels } from "../images/pixels.ts";
import { type BmpHeader, readBmpHeader } from "./bmpHeader.ts";
import { inflateLimit } from "./inflateLimit.ts";

/**
 * Reads a BMP of Windows or OS/2: 1, 4 or 8 bits with a palette, plain or run-length encoded; 16, 24 or 32 bits, with bit masks
 * or without; either way up. Alpha is dropped. A palette of greys gives a grey image.
 *
 * @returns [channels, height, width]
 * @throws AttarError "bad-data"
 */
export function parseBmp(bytes: Uint8Array, where: string): Pixels {
  const header = readBmpHeader(bytes, where);
  const { width, height, bits, compression, upright } = header;
  const plane = width * height;
  if (plane > maxPixels || 3 * plane > inflateLimit(bytes.length))
    throw badData(where, `a BMP of ${bytes.length} bytes claims ${width} x ${height} pixels`);
  if (bits <= 8) {
    const indices = compression === "runs" ? unrolled(bytes, header, where) : unpacked(bytes, header, where);
    return coloured(indices, header, where);
  }
  const stride = Math.ceil((width * bits) / 32) * 4;
  checkLength(bytes, header, stride, where);
  const data = new Uint8Array(3 * plane);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let y = 0; y < height; y++) {
    const row = header.start + (upright ? y : height - 1 - y) * stride;
    for (let x = 0; x < width; x++) {
      const to = y * width + x;
      if (bits === 24) {
        for (let c = 0; c < 3; c++) data[c * plane + to] = bytes[row + 3 * x + 2 - c]!;
        continue;
      }
      const word = bits === 16 ? view.getUint16(row + 2 * x, true) : view.getUint32(row + 4 * x, true);
      for (let c = 0; c < 3; c++) data[c * plane + to] = channelOf(word, header.masks[c]!);
    }
  }
  return { channels: 3, height, width, data };
}

/** The bits of a mask as a byte: 0 to 31 becomes 0 to 255. */
function channelOf(word: number, { mask, shift, most }: BmpHeader["masks"][number]): number {
  if (most === 0) return 0;
  return Math.trunc((((word & mask) >>> shift) * 255) / most + 0.5);
}

function checkLength(bytes: Uint8Array, { start, height }: BmpHeader, stride: number, where: string): void {
  const needed = start + stride * height;
  if (bytes.length < needed) throw badData(where, `the BMP is cut short (${bytes.length} of ${needed} bytes)`);
}

/** Indices of 1, 4 or 8 bits, the first in the highest bits of a byte. */
function unpacked(bytes: Uint8Array, header: BmpHeader, where: string): Uint8Array {
  const { width, height, bits, upright, start } = header;
  const stride = Math.ceil((width * bits) / 32) * 4;
  checkLength(bytes, header, stride, where);
  const out = new Uint8Array(width * height);
  const mask = 2 ** bits - 1;
  for (let y = 0; y < height; y++) {
    const row = start + (upright ? y : height - 1 - y) * stride;
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      out[y * width + x] = (bytes[row + (bit >> 3)]! >> (8 - bits - (bit & 7))) & mask;
    }
  }
  return out;
}

/** Indices that are run-length encoded, from the lowest row up; what is passed over is index 0. */
function unrolled(bytes: Uint8Array, { width, height, bits, start }: BmpHeader, where: string): Uint8Array {
  const out = new Uint8Array(width * height);
  let [x, y, at] = [0, 0, start];
  const next = () => {
    if (at >= bytes.length) throw badData(where, "the BMP is cut short (no end of its runs)");
    return bytes[at++]!;
  };
  const put = (index: number) => {
    if (x >= width || y >= height) throw badData(where, "the BMP is damaged (a run leaves the image)");
    out[(height - 1 - y) * width + x++] = index;
  };
  const half = (byte: number, i: number) => (bits === 8 ? byte : i % 2 === 0 ? byte >> 4 : byte & 15);
  for (;;) {
    const [count, value] = [next(), next()];
    if (count > 0) for (let i = 0; i < count; i++) put(half(value, i));
    else if (value === 0) {
      x = 0;
      y++;
    } else if (value === 1) return out;
    else if (value === 2) {
      x += next();
      y += next();
    } else {
      const used = Math.ceil((value * bits) / 8);
      for (let i = 0, byte = 0; i < value; i++) {
        if (bits === 8 || i % 2 === 0) byte = next();
        put(half(byte, i));
      }
      if (used % 2 === 1) next();
    }
  }
}

function coloured(indices: Uint8Array, { width, height, palette }: BmpHeader, where: string): Pixels {
  const plane = indices.length;
  const isGrey = palette.every(([red, green, blue]) => red === green && green === blue);
  const channels = isGrey ? 1 : 3;
  const data = new Uint8Array(channels * plane);
  for (let i = 0; i < plane; i++) {
    const colour = palette[indices[i]!];
    if (!colour) throw badData(where, `a BMP pixel has colour ${indices[i]}, its palette fewer`);
    for (let c = 0; c < channels; c++) data[c * plane + i] = colour[c]!;
  }
  return { channels, height, width, data };
}
