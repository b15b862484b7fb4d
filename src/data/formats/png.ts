import { encode } from "fast-png";
import { AttarError } from "../../engine/errors.ts";
import { badData } from "../badData.ts";
import { Budget } from "./budget.ts";
import { exifOrientation } from "./exif.ts";
import { type Inflate, inflate } from "./inflate.ts";
import { isSrgb } from "./jpegHeader.ts";
import { type PngChunks, readPngChunks } from "./pngChunks.ts";
import { filteredBytes, readSamples } from "./pngSamples.ts";

/** An image of bytes, channels first. */
export interface PlanarImage {
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
  /** [channels, height, width]. */
  readonly data: Uint8Array;
}

/** An image as a file holds it, channels first: 0 to 255 in a Uint8Array, or 0 to 65535 in a Uint16Array. */
export interface DecodedImage extends Omit<PlanarImage, "data"> {
  /** [channels, height, width]. */
  readonly data: Uint8Array | Uint16Array;
  /** Exif's word on how the image is to be turned, 2 to 8; absent where it is upright. */
  readonly orientation?: number;
  /** The ICC profile that an image of colours has, where it is not sRGB. */
  readonly profile?: Uint8Array;
}

/** The way in which {@link parsePng} inflates, and the memory it takes. */
export interface PngOptions {
  /** The portable one when left out. */
  readonly unpack?: Inflate;
  /** Shared by all images of one file; the image's own when left out. */
  readonly budget?: Budget;
}

/**
 * Reads a PNG of any type: grey or RGB of 1 to 16 bits, with or without alpha, or of a palette; interlaced or not. Up to 8
 * bits are stretched to 0..255, 16 bits are kept, alpha is dropped. The pixel data must be exactly as long as the header
 * says. The pixels are as stored: orientation and colour profile are handed over beside them.
 *
 * @throws AttarError "bad-data"
 */
export function parsePng(bytes: Uint8Array, where: string, options: PngOptions = {}): DecodedImage {
  if (isJpeg(bytes))
    throw badData(
      where,
      "JPEG images are not read, only PNG",
      "Convert the images to PNG first; docs/data.md has commands that do.",
    );
  const chunks = readPngChunks(bytes, where);
  const { width, height, depth, colour } = chunks;
  const channels = colour.samples < 3 && colour.name !== "indexed" ? 1 : 3;
  const expected = filteredBytes(chunks);
  const { unpack = inflate, budget = new Budget(bytes.length, where) } = options;
  budget.take(expected + width * height * channels * (depth === 16 ? 2 : 1));
  const filtered = unpack(chunks.data, "zlib", expected, `${where}: its pixel data`);
  if (filtered.length !== expected)
    throw badData(where, `the PNG is cut short (${filtered.length} of ${expected} bytes of pixel data)`);
  const orientation = chunks.exif && exifOrientation(chunks.exif);
  const profile = channels === 3 && chunks.profile ? inflatedProfile(chunks.profile, unpack) : undefined;
  return {
    channels,
    height,
    width,
    data: planar(readSamples(filtered, chunks, where), chunks, channels, where),
    ...(orientation !== undefined && orientation > 1 && { orientation }),
    ...(profile && { profile }),
  };
}

/** The most bytes that a colour profile may inflate to: 4 MiB. */
const largestProfile = 2 ** 22;

/** A profile that is no sRGB; undefined for one that is, and for one that is damaged, which is passed over as Pillow passes it over. */
function inflatedProfile(stream: Uint8Array, unpack: Inflate): Uint8Array | undefined {
  try {
    const profile = unpack(stream, "zlib", largestProfile, "its colour profile");
    return isSrgb(profile) ? undefined : profile;
  } catch (error) {
    if (error instanceof AttarError) return undefined;
    throw error;
  }
}

function planar(
  samples: Uint8Array | Uint16Array,
  { width, height, depth, colour, palette }: PngChunks,
  channels: number,
  where: string,
): Uint8Array | Uint16Array {
  const plane = width * height;
  if (colour.name === "indexed") {
    const out = new Uint8Array(3 * plane);
    for (let i = 0; i < plane; i++) {
      const entry = samples[i]! * 3;
      if (entry >= palette.length) throw badData(where, `a PNG pixel has colour ${samples[i]}, its palette fewer`);
      for (let c = 0; c < 3; c++) out[c * plane + i] = palette[entry + c]!;
    }
    return out;
  }
  const out = depth === 16 ? new Uint16Array(channels * plane) : new Uint8Array(channels * plane);
  const gain = depth < 8 ? 255 / (2 ** depth - 1) : 1;
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < plane; i++) out[c * plane + i] = samples[i * colour.samples + c]! * gain;
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

/** Tells whether `bytes` start with the JPEG signature. */
export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}
