import { exifOrientation } from "./exif.ts";

/** The facts of a JPEG that stand before its pixels. */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** Bits a sample: 8, rarely 12. */
  readonly depth: number;
  /** Components: 1 of grey, 3 of colour, 4 of ink (CMYK). */
  readonly components: number;
  /** The orientation of Exif, 1 to 8; 1 where there is none. */
  readonly orientation: number;
  /** The colour profile's first part, if there is one. */
  readonly profile?: Uint8Array;
}

/** Markers without a length behind them. */
const alone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
/** Start of a frame, of any kind of coding; c4, c8 and cc are others. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Reads the header of a JPEG; undefined where it is damaged or cut short. */
export function readJpegHeader(bytes: Uint8Array): JpegHeader | undefined {
  let orientation = 1;
  let profile: Uint8Array | undefined;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (alone(marker)) {
      at += 2;
      continue;
    }
    const length = bytes[at + 2]! * 256 + bytes[at + 3]!;
    const body = bytes.subarray(at + 4, at + 2 + length);
    if (length < 2 || at + 2 + length > bytes.length || marker === 0xda || marker === 0xd9) return undefined;
    if (isFrame(marker)) {
      if (body.length < 6) return undefined;
      const [depth = 0, h1 = 0, h0 = 0, w1 = 0, w0 = 0, components = 0] = body;
      return {
        width: w1 * 256 + w0,
        height: h1 * 256 + h0,
        depth,
        components,
        orientation,
        ...(profile && { profile }),
      };
    }
    if (marker === 0xe1 && startsWith(body, "Exif\0\0")) orientation = exifOrientation(body.subarray(6)) ?? orientation;
    if (marker === 0xe2 && startsWith(body, "ICC_PROFILE\0") && body.length > 14) profile ??= body.subarray(14);
    at += 2 + length;
  }
  return undefined;
}

const startsWith = (bytes: Uint8Array, text: string) =>
  text.length <= bytes.length && [...text].every((letter, i) => bytes[i] === letter.charCodeAt(0));

/** Tells whether a colour profile describes itself as sRGB, so that its colours are as they stand. */
export function isSrgb(profile: Uint8Array): boolean {
  const text = String.fromCharCode(...profile.subarray(0, Math.min(profile.length, 4096))).replaceAll("\0", "");
  return /sRGB/i.test(text);
}
