import { asBadData, badData } from "../badData.ts";
import { inflateLimit } from "../formats/inflateLimit.ts";
import { readJpegHeader } from "../formats/jpegHeader.ts";
import { type ForeignDecoder, skipHint } from "./decoder.ts";
import { maxPixels } from "./pixels.ts";

/**
 * Decodes an image by the decoder of the browser: what it reads of JPEG, WebP, AVIF, GIF and TIFF, turned as Exif says, with the
 * colours of a profile brought to sRGB; alpha dropped, the first image of several.
 *
 * @throws AttarError "bad-data" where the browser does not read it, or it has too many pixels
 */
export const decodeInPage: ForeignDecoder = async (bytes, kind, where) => {
  let bitmap: ImageBitmap;
  try {
    const blob = new Blob([bytes.slice()]);
    bitmap = await createImageBitmap(blob, { imageOrientation: "from-image", premultiplyAlpha: "none" });
  } catch (error) {
    throw asBadData(where, `the ${kind} image is damaged, or this browser does not read it`, error);
  }
  try {
    const { width, height } = bitmap;
    if (width * height > maxPixels || width * height * 3 > inflateLimit(bytes.length))
      throw badData(where, `${bytes.length} bytes of ${kind} claim ${width} x ${height} pixels`, skipHint);
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    if (!context) throw badData(where, "this browser has no canvas to read pixels from");
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const isGrey = kind === "JPEG" && readJpegHeader(bytes)?.components === 1;
    const channels = isGrey ? 1 : 3;
    const out = new Uint8Array(width * height * channels);
    for (let i = 0, at = 0; at < data.length; at += 4) for (let c = 0; c < channels; c++) out[i++] = data[at + c]!;
    return { channels, height, width, data: out, interleaved: true };
  } finally {
    bitmap.close();
  }
};
