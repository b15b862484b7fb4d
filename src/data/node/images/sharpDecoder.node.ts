import type { Sharp, SharpOptions } from "sharp";
import { AttarError } from "../../../engine/errors.ts";
import { badData } from "../../badData.ts";
import { inflateLimit } from "../../formats/inflateLimit.ts";
import { isSrgb, type JpegHeader, readJpegHeader } from "../../formats/jpegHeader.ts";
import { type ForeignDecoder, skipHint, type Wanted } from "../../images/decoder.ts";
import type { ImageKind } from "../../images/imageKind.ts";
import { maxPixels, type Pixels } from "../../images/pixels.ts";
import { turned } from "../../images/turn.ts";
import { Gate } from "./gate.node.ts";

type SharpModule = typeof import("sharp").default;

/** The pixels that are decoded at a time: four photographs of 16 megapixels. */
const gate = new Gate(64_000_000);

/** Seconds after which the decoding of one image is given up. */
const patience = 60;

let loaded: Promise<SharpModule | undefined> | undefined;

/** The package sharp, where it is installed. */
export function sharpIfAny(): Promise<SharpModule | undefined> {
  loaded ??= import("sharp").then(
    (found) => found.default,
    () => undefined,
  );
  return loaded;
}

/** The version of what decodes foreign kinds, for the keys of caches. */
export async function sharpVersion(): Promise<string> {
  const { sharp = "none", vips = "none" } = (await sharpIfAny())?.versions ?? {};
  return `sharp ${sharp} vips ${vips}`;
}

/** What an image is before it is decoded. */
interface Facts {
  readonly width: number;
  readonly height: number;
  readonly grey: boolean;
  readonly ink: boolean;
  readonly words: boolean;
  /** Turned by sharp as Exif says. */
  readonly turned: boolean;
  /** Exif's word on how a JPEG is turned, which is done here. */
  readonly orientation?: number;
  /** The size that it is scaled to while it is decoded. */
  readonly scaled?: { readonly height: number; readonly width: number };
  readonly alpha?: boolean;
  readonly several?: boolean;
  /** True where the colours of a profile are brought to sRGB. */
  readonly profile: boolean;
}

/**
 * Decodes JPEG, WebP, AVIF, GIF and TIFF by sharp: turned as Exif says; the colours of a profile brought to sRGB; inks (CMYK)
 * without a profile as Pillow turns them into colours; alpha dropped; grey and 16 bits of TIFF kept; the first image of several.
 * A JPEG of eight times the wanted size and more is scaled while it is decoded.
 *
 * @throws AttarError "absent-package" without sharp, "bad-data" for what cannot be decoded or claims too many pixels
 */
export const decodeBySharp: ForeignDecoder = async (bytes, kind, where, wanted) => {
  const sharp = await sharpIfAny();
  if (!sharp)
    throw new AttarError(
      "absent-package",
      `${where}: ${kind} images are decoded by the package sharp, which is not installed.`,
      "npm install sharp",
    );
  try {
    const facts = kind === "JPEG" ? jpegFacts(bytes, where, wanted) : await factsOf(sharp, bytes, kind, where);
    checkSize(facts, bytes.length, kind, where);
    const image = await gate.through(facts.width * facts.height, () => decoded(sharp, bytes, facts, where));
    return facts.orientation === undefined ? image : turned(image, facts.orientation);
  } catch (error) {
    if (error instanceof AttarError) throw error;
    const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0]!.replace(/\.$/, "");
    throw badData(where, `the ${kind} image is damaged or cut short (${reason})`, skipHint);
  }
};

function jpegFacts(bytes: Uint8Array, where: string, wanted: Wanted | undefined): Facts {
  const header = readJpegHeader(bytes);
  if (!header) throw badData(where, "the JPEG image is damaged or cut short (no header)", skipHint);
  const { width, height, depth, components, orientation } = header;
  if (depth !== 8) throw badData(where, `a JPEG of ${depth} bits a colour is not read, only of 8`, skipHint);
  return {
    width,
    height,
    grey: components === 1,
    ink: components === 4,
    words: false,
    turned: false,
    orientation,
    scaled: wanted && components !== 4 ? scaledSize(header, wanted) : undefined,
    profile: hasProfile(header),
  };
}

/** The multiple of the wanted size that is decoded: its triangle filter then hides what scales before it, to a level or three. */
const margin = 4;

/** The size to decode a JPEG at, in its own orientation; undefined where that would be more than half its size. */
function scaledSize({ width, height, orientation }: JpegHeader, { size, fit }: Wanted) {
  const [high, wide] = orientation > 4 ? [size[1], size[0]] : size;
  const [down, across] = [high / height, wide / width];
  const both = fit === "cover" ? Math.max(down, across) : Math.min(down, across);
  const [y, x] = fit === "stretch" ? [down, across] : [both, both];
  const least = (scale: number, side: number) => Math.ceil(Math.max(1, scale * side) * margin);
  const scaled = { height: least(y, height), width: least(x, width) };
  return 2 * scaled.height <= height && 2 * scaled.width <= width ? scaled : undefined;
}

const hasProfile = ({ profile, components }: JpegHeader) =>
  profile !== undefined && components !== 1 && !(components === 3 && isSrgb(profile));

async function factsOf(sharp: SharpModule, bytes: Uint8Array, kind: ImageKind, where: string): Promise<Facts> {
  const found = await sharp(bytes, { limitInputPixels: maxPixels }).metadata();
  const { width, height, space, depth, orientation = 1, pages = 1, hasAlpha, icc } = found;
  const words = kind === "TIFF" && depth === "ushort";
  if (kind === "TIFF" && depth !== "uchar" && depth !== "ushort")
    throw badData(where, `a TIFF of ${depth} values is not read, only of 8 or 16 bits`, skipHint);
  const grey = space === "b-w" || space === "grey16";
  return {
    width,
    height,
    grey,
    ink: space === "cmyk",
    words,
    turned: orientation > 1,
    alpha: hasAlpha,
    several: pages > 1,
    profile: icc !== undefined && !grey && !words && !(space === "srgb" && isSrgb(icc)),
  };
}

/** An image may have 100 megapixels, and take no more memory than a file of its size may inflate to. */
function checkSize({ width, height, words }: Facts, fileBytes: number, kind: ImageKind, where: string): void {
  const pixels = width * height;
  if (pixels < 1) throw badData(where, `a ${kind} image of ${width} x ${height} pixels`, skipHint);
  if (pixels > maxPixels)
    throw badData(
      where,
      `has ${width} x ${height} pixels, more than the ${maxPixels / 1e6} million that an image may have`,
      skipHint,
    );
  if (pixels * (words ? 6 : 3) > inflateLimit(fileBytes))
    throw badData(where, `${fileBytes} bytes of ${kind} claim ${width} x ${height} pixels`, skipHint);
}

async function decoded(sharp: SharpModule, bytes: Uint8Array, facts: Facts, where: string): Promise<Pixels> {
  const { grey, ink, words, turned: byExif, scaled, profile, alpha, several } = facts;
  const options: SharpOptions = { failOn: "error", limitInputPixels: maxPixels, ignoreIcc: !profile };
  let image: Sharp = sharp(bytes, options).timeout({ seconds: patience });
  if (byExif) image = image.autoOrient();
  if (scaled) image = image.resize({ ...scaled, fit: "fill", kernel: "cubic", fastShrinkOnLoad: true });
  if (alpha) image = image.removeAlpha();
  const plainInk = ink && !profile;
  if (plainInk) image = image.pipelineColourspace("cmyk").toColourspace("cmyk");
  else if (words) image = image.pipelineColourspace(grey ? "grey16" : "rgb16").toColourspace(grey ? "grey16" : "rgb16");
  else image = image.toColourspace(grey ? "b-w" : "srgb");
  const { data, info } = await image.raw({ depth: words ? "ushort" : "uchar" }).toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const expected = plainInk ? 4 : grey ? 1 : 3;
  const length = width * height * channels * (words ? 2 : 1);
  if (channels < expected || data.length !== length)
    throw badData(where, `was decoded to ${channels} channels in place of ${expected}`, skipHint);
  const values = words ? new Uint16Array(data.buffer, data.byteOffset, length / 2) : new Uint8Array(data);
  const kept = plainInk ? inkAsColours(values) : firstChannels(values, channels, expected);
  return {
    channels: grey ? 1 : 3,
    height,
    width,
    data: kept,
    interleaved: true,
    ...(scaled && { stored: { height: facts.height, width: facts.width } }),
    ...(alpha && { alpha }),
    ...(several && { several }),
  };
}

function firstChannels(values: Uint8Array | Uint16Array, channels: number, kept: number): Uint8Array | Uint16Array {
  if (channels === kept) return values;
  const pixels = values.length / channels;
  const out = values instanceof Uint16Array ? new Uint16Array(pixels * kept) : new Uint8Array(pixels * kept);
  for (let i = 0; i < pixels; i++) for (let c = 0; c < kept; c++) out[i * kept + c] = values[i * channels + c]!;
  return out;
}

/** Cyan, magenta, yellow and black as red, green and blue, as Pillow converts them: (255 − ink) · (255 − black) / 255. */
function inkAsColours(values: Uint8Array | Uint16Array): Uint8Array {
  const pixels = values.length / 4;
  const out = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    const light = 255 - values[4 * i + 3]!;
    for (let c = 0; c < 3; c++) {
      const taken = values[4 * i + c]! * light + 128;
      out[3 * i + c] = light - (((taken >> 8) + taken) >> 8);
    }
  }
  return out;
}
