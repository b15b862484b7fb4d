import { AttarError } from "../../engine/errors.ts";
import { badData, brokenHint } from "../badData.ts";
import { parseBmp } from "../formats/bmp.ts";
import type { Inflate } from "../formats/inflate.ts";
import { type DecodedImage, parsePng } from "../formats/png.ts";
import { type ImageKind, imageKind, imageKinds } from "./imageKind.ts";
import type { Fit } from "./imageOptions.ts";
import { matrixProfile, profileToSrgb } from "./matrixProfile.ts";
import type { Pixels } from "./pixels.ts";
import { turned } from "./turn.ts";

/** The size that an image is brought to after it is decoded, and how. */
export interface Wanted {
  readonly size: readonly [height: number, width: number];
  readonly fit: Fit;
}

/**
 * Decodes an image of a kind that this package has no decoder of its own for. Where a size is wanted that is far smaller, it may
 * scale while it decodes, to no less than four times that size.
 */
export type ForeignDecoder = (bytes: Uint8Array, kind: ImageKind, where: string, wanted?: Wanted) => Promise<Pixels>;

/** The version of what turns bytes into pixels here: PNG, BMP, grey, fitting. A change of any result is a new one. */
export const pixelsVersion = 2;

/** An encoded image, read when it is its turn. */
export interface EncodedImage {
  /** The path or row, for messages. */
  readonly where: string;
  bytes(): Uint8Array | Promise<Uint8Array>;
  /** True where other images are these very bytes, so that they are decoded once. */
  readonly shared?: boolean;
}

/** The advice where one image of many cannot be read. */
export const skipHint = "Mend it or take it away; --skip-unreadable passes over such images and counts them.";

/** An image, or its refusal with {@link skipHint}, except where the reader has advice of its own. */
function skippable(decode: () => Pixels): Pixels {
  try {
    return decode();
  } catch (error) {
    if (error instanceof AttarError && error.hint === brokenHint)
      throw new AttarError(error.code, error.message, skipHint, error.exitCode);
    throw error;
  }
}

/** A PNG turned as its Exif says, with the colours of a profile that is a matrix brought to sRGB (of 8 bits). */
function upright({ orientation = 1, profile, ...image }: DecodedImage): Pixels {
  const matrix = profile && image.data instanceof Uint8Array ? matrixProfile(profile) : undefined;
  return turned(matrix ? profileToSrgb(image, matrix) : image, orientation);
}

/**
 * Decodes an image by what its first bytes say, whatever its name: PNG and BMP here, other kinds by the foreign decoder.
 *
 * @throws AttarError "bad-data" naming the image; what the foreign decoder throws
 */
export async function decodeImage(
  bytes: Uint8Array,
  where: string,
  foreign: ForeignDecoder,
  unpack?: Inflate,
  wanted?: Wanted,
): Promise<Pixels> {
  if (bytes.length === 0) throw badData(where, "the image is empty (0 bytes)", skipHint);
  const kind = imageKind(bytes);
  if (kind === "PNG") return skippable(() => upright(parsePng(bytes, where, { unpack })));
  if (kind === "BMP") return skippable(() => parseBmp(bytes, where));
  if (kind) return foreign(bytes, kind, where, wanted);
  throw badData(where, `is no image of a kind that is read (${imageKinds.join(", ")})`, skipHint);
}
