import { badData } from "../badData.ts";
import { crc32 } from "./crc32.ts";
import { maxDeflateRatio } from "./inflate.ts";

/** The header of a PNG and its data, still compressed. */
export interface PngChunks {
  readonly width: number;
  readonly height: number;
  /** Bits a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  readonly colour: Colour;
  readonly interlaced: boolean;
  /** Red, green and blue of each colour; empty unless pixels are indices. */
  readonly palette: Uint8Array;
  /** The zlib stream of all IDAT chunks. */
  readonly data: Uint8Array;
  /** The Exif block (eXIf), if there is one. */
  readonly exif?: Uint8Array;
  /** The zlib stream of the colour profile (iCCP), where there is one and the colours are not said to be sRGB. */
  readonly profile?: Uint8Array;
}

/** The make-up of a pixel: how many samples, and how many bits a sample may have. */
export interface Colour {
  readonly name: "grey" | "rgb" | "indexed" | "grey and alpha" | "rgb and alpha";
  readonly samples: number;
  readonly depths: readonly number[];
}

/** Colour types by their number in the header. */
const colours = new Map<number, Colour>([
  [0, { name: "grey", samples: 1, depths: [1, 2, 4, 8, 16] }],
  [2, { name: "rgb", samples: 3, depths: [8, 16] }],
  [3, { name: "indexed", samples: 1, depths: [1, 2, 4, 8] }],
  [4, { name: "grey and alpha", samples: 2, depths: [8, 16] }],
  [6, { name: "rgb and alpha", samples: 4, depths: [8, 16] }],
]);

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Longest side that is read, in pixels. */
export const maxSide = 16384;

/**
 * Takes a PNG apart. The checksum of every chunk is compared; chunks that say nothing about the pixels themselves (texts, times,
 * gamma) are passed over, and no chunk is unpacked.
 *
 * @throws AttarError "bad-data"
 */
export function readPngChunks(bytes: Uint8Array, where: string): PngChunks {
  if (bytes.length < 33 || signature.some((b, i) => bytes[i] !== b)) throw badData(where, "not a PNG image");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: Omit<PngChunks, "palette" | "data"> | undefined;
  let palette = new Uint8Array(0);
  const extras: { exif?: Uint8Array; profile?: Uint8Array } = {};
  let srgb = false;
  const parts: Uint8Array[] = [];
  let last = "";
  for (let at = 8; last !== "IEND"; ) {
    if (at + 12 > bytes.length) throw badData(where, "the PNG is damaged or cut short (no end)");
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const start = at + 8;
    if (start + length + 4 > bytes.length) throw badData(where, "the PNG is damaged or cut short");
    const body = bytes.subarray(start, start + length);
    if (view.getUint32(start + length) !== crc32(bytes.subarray(at + 4, start + length)))
      throw badData(where, "the PNG is damaged (checksum)");
    if ((type === "IHDR") !== (at === 8)) throw badData(where, "the PNG does not start with its header");
    if (type === "IHDR") header = readHeader(body, bytes.length, where);
    else if (type === "PLTE") {
      if (length === 0 || length % 3 !== 0 || length > 768) throw badData(where, `a PNG palette of ${length} bytes`);
      palette = body.slice();
    } else if (type === "IDAT") {
      if (parts.length > 0 && last !== "IDAT") throw badData(where, "the PNG's pixel data is scattered");
      parts.push(body);
    } else if (type === "eXIf") extras.exif = body;
    else if (type === "sRGB") srgb = true;
    else if (type === "iCCP") extras.profile = streamOf(body);
    else if (type !== "IEND" && (bytes[at + 4]! & 32) === 0)
      throw badData(where, "the PNG has a part that is not known");
    last = type;
    at = start + length + 4;
  }
  if (parts.length === 0) throw badData(where, "the PNG has no pixel data");
  if (header!.colour.name === "indexed" && palette.length === 0) throw badData(where, "the PNG has no palette");
  if (srgb) delete extras.profile;
  return { ...header!, palette, data: joined(parts), ...extras };
}

/** The stream of an iCCP chunk: a name of 1 to 79 letters, a zero, the method (0, zlib), the stream. */
function streamOf(body: Uint8Array): Uint8Array | undefined {
  const end = body.indexOf(0);
  return end >= 1 && end < 80 && body[end + 1] === 0 ? body.subarray(end + 2) : undefined;
}

function readHeader(body: Uint8Array, fileBytes: number, where: string): Omit<PngChunks, "palette" | "data"> {
  if (body.length !== 13) throw badData(where, "the PNG's header is damaged");
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth = 0, type = 0, compression = 0, filter = 0, interlace = 0] = body.subarray(8);
  const colour = colours.get(type);
  if (!colour?.depths.includes(depth))
    throw badData(where, `a PNG of colour type ${type} with ${depth} bits is not one`);
  if (compression !== 0 || filter !== 0 || interlace > 1) throw badData(where, "the PNG's header is damaged");
  const claimed = (width * height * colour.samples * depth) / 8;
  if (width < 1 || height < 1 || width > maxSide || height > maxSide || claimed > fileBytes * maxDeflateRatio)
    throw badData(where, `a PNG of ${fileBytes} bytes cannot hold ${width} x ${height} pixels`);
  return { width, height, depth, colour, interlaced: interlace === 1 };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
