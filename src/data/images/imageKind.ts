/** The kinds of encoded images that are read, as people call them. */
export const imageKinds = ["PNG", "JPEG", "WebP", "AVIF", "GIF", "TIFF", "BMP"] as const;

export type ImageKind = (typeof imageKinds)[number];

/** Endings of images that are read, and of those that are not. */
const read = /\.(png|jpe?g|jfif|webp|avif|gif|tiff?|bmp|dib)$/i;
const others = /\.(ppm|pgm|pbm|pnm|heic|heif|jp2|j2k|jxl|psd|exr|hdr|ico|tga|dcm|svg)$/i;

/** Tells whether a file is an image of a kind that is read, by its name. */
export const isImageName = (file: string): boolean => read.test(file);

/** Tells whether a file is an image of a kind that is not read, by its name. */
export const isOtherImage = (file: string): boolean => others.test(file);

/** A file's name without the endings of images, in lower case: "a/x_0.JPEG.png" is "x_0". */
export const imageStem = (file: string): string =>
  file
    .replace(/^.*\//, "")
    .replace(/(\.(png|jpe?g|jfif|webp|avif|gif|tiff?|bmp|dib))+$/i, "")
    .toLowerCase();

/** The kind of image that the first bytes are of, if it is one that is read. */
export function imageKind(bytes: Uint8Array): ImageKind | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, 32));
  if (text.startsWith("\u0089PNG\r\n\u001a\n")) return "PNG";
  if (text.startsWith("\u00ff\u00d8\u00ff")) return "JPEG";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "WebP";
  if (text.startsWith("GIF87a") || text.startsWith("GIF89a")) return "GIF";
  if (text.startsWith("BM")) return "BMP";
  if (["II*\0", "MM\0*", "II+\0", "MM\0+"].includes(text.slice(0, 4))) return "TIFF";
  return text.slice(4, 8) === "ftyp" && /avi[fs]/.test(text.slice(8)) ? "AVIF" : undefined;
}
