import { AttarError } from "../../engine/errors.ts";

/** The ways to bring an image to another shape. */
export const fits = ["cover", "contain", "stretch"] as const;

/**
 * The way to bring an image to another shape: `cover` scales it until it covers the whole and keeps the middle, `contain`
 * scales it until all of it is within and leaves black beside it, `stretch` scales each side by itself.
 */
export type Fit = (typeof fits)[number];

/** The options by which a person says how encoded images are read: those of folders, zip archives and Parquet. */
export interface ImageOptions {
  /** The size that all images are brought to: "64", or "48x64", height first. Left out, they must have one size. */
  readonly size?: string;
  /** Default "cover". Takes a size. */
  readonly fit?: Fit;
  /** Images are read as grey: 0.299 red + 0.587 green + 0.114 blue. */
  readonly grey?: boolean;
  /** Images that cannot be read are passed over, and counted in the reading's notes. */
  readonly skipUnreadable?: boolean;
}

/** The options that say something about every kind of encoded image. */
export const imageOptionNames = ["size", "fit", "grey", "skipUnreadable"] as const;

/** Those options alone. */
export const imageOptionsOf = ({ size, fit, grey, skipUnreadable }: ImageOptions): ImageOptions => ({
  size,
  fit,
  grey,
  skipUnreadable,
});

/** The longest side that images are brought to. */
const longest = 4096;

/**
 * Reads "64" or "48x64" as [height, width].
 *
 * @throws AttarError "bad-option" (exit code 2)
 */
export function parseImageSize(text: string): [height: number, width: number] {
  const [height = 0, width = height] = /^\d{1,4}(x\d{1,4})?$/i.test(text) ? text.split(/x/i).map(Number) : [];
  if (height >= 1 && width >= 1 && height <= longest && width <= longest) return [height, width];
  throw new AttarError(
    "bad-option",
    `--size takes the size of an image in pixels, from 1 to ${longest}, got "${text}".`,
    "one number, or height x width: for example --size 64 or --size 48x64",
  );
}

/** @throws AttarError "bad-option" (exit code 2) */
export function checkImageOptions({ size, fit }: ImageOptions): void {
  if (fit !== undefined && !fits.some((known) => known === fit))
    throw new AttarError(
      "bad-option",
      `--fit takes ${fits.slice(0, -1).join(", ")} or ${fits.at(-1)}, got "${fit}".`,
      "for example --fit contain",
    );
  if (size !== undefined) parseImageSize(size);
  else if (fit !== undefined)
    throw new AttarError(
      "bad-option",
      "--fit says how images are brought to a size, and there is none.",
      `for example --size 64 --fit ${fit}`,
    );
}

/** The options as they are typed. */
export function imageOptionWords({ size, fit, grey, skipUnreadable }: ImageOptions): string[] {
  return [
    ...(size === undefined ? [] : ["--size", size]),
    ...(fit === undefined ? [] : ["--fit", fit]),
    ...(grey ? ["--grey"] : []),
    ...(skipUnreadable ? ["--skip-unreadable"] : []),
  ];
}
