import { AttarError } from "../engine/errors.ts";
import { checkImageOptions, type ImageOptions, imageOptionWords } from "./images/imageOptions.ts";
import { checkSplitOptions, type SplitOptions, splitWords } from "./splits/splitOptions.ts";

/** The options by which a person says how a dataset is to be read; each overrides a guess. */
export interface ReadOptions extends ImageOptions, SplitOptions {
  /** The label column of a table, by name or by number from 1; in .npz and .safetensors the array of labels. */
  readonly label?: string;
  /**
   * The kind of target: a class (the usual), or numbers, which are then what `label` names, several of a CSV joined by
   * commas.
   */
  readonly target?: "classes" | "values";
  /** The largest number of quantile bins that stand in for classes where numbers are predicted. */
  readonly bins?: number;
  /** True where the first line of a CSV names its columns. */
  readonly header?: boolean;
  /** Columns of a CSV to leave out, by name or by number from 1. Given, none is left out by a guess; `["none"]` leaves out none. */
  readonly drop?: readonly string[];
  /** Columns of a table whose numbers are categories, by name or by number from 1; columns of texts are so anyway. */
  readonly categories?: readonly string[];
  /** Samples are series over time, rows [n, time] or arrays [n, channels, time]; or embeddings, rows of an encoder's outputs. */
  readonly domain?: "series" | "embedding";
  /** Rows of numbers are features, each normalised by itself, never pictures. */
  readonly table?: boolean;
  /** Rows of numbers are pictures of that size, as "28x28", "32x32x3" (colour by pixel) or "3x32x32" (colour by plane); or the array of images. */
  readonly images?: string;
  /** The stored value of pictures that stands for 1, white: 16, 255 or another. */
  readonly scale?: number;
}

/** The size of a picture that a row of numbers holds. */
export interface PictureSize {
  /** [channels, height, width]. */
  readonly shape: readonly [number, number, number];
  /** True where the colours of a pixel stand side by side, in place of one colour of all pixels after the other. */
  readonly interleaved: boolean;
}

/**
 * Reads "28x28", "28x28x1", "32x32x3" or "3x32x32".
 *
 * @throws AttarError "bad-option" (exit code 2)
 */
export function parsePictureSize(text: string): PictureSize {
  const refuse = () =>
    new AttarError(
      "bad-option",
      `--images takes the size of a picture, got "${text}".`,
      "height x width, and 3 for colours: for example --images 28x28 or --images 32x32x3",
    );
  if (!/^\d{1,5}(x\d{1,5}){1,2}$/i.test(text)) throw refuse();
  const [a = 0, b = 0, c = 1] = text.split(/x/i).map(Number);
  const size: PictureSize | undefined =
    c === 1 || c === 3
      ? { shape: [c, a, b], interleaved: c > 1 }
      : a === 1 || a === 3
        ? { shape: [a, b, c], interleaved: false }
        : undefined;
  if (!size || size.shape.some((d) => d < 1)) throw refuse();
  return size;
}

/**
 * Checks options before anything is read.
 *
 * @throws AttarError "bad-option"
 */
export function checkReadOptions(options: ReadOptions): void {
  const { table, images, drop, target, bins, scale, domain } = options;
  checkImageOptions(options);
  checkSplitOptions(options);
  if (domain !== undefined && domain !== "series" && domain !== "embedding")
    throw new AttarError(
      "bad-option",
      `--domain takes series or embedding, got "${domain}".`,
      "for example --domain series; --table reads features, --images 28x28 pictures",
    );
  if (domain !== undefined && (table || (images !== undefined && /^\d/.test(images))))
    throw new AttarError(
      "bad-option",
      `--domain excludes ${table ? "--table" : "a size of --images"}.`,
      `leave one of them out, for example --domain ${domain}`,
    );
  if (target !== undefined && target !== "classes" && target !== "values")
    throw new AttarError(
      "bad-option",
      `--target takes classes or values, got "${target}".`,
      "for example --target values",
    );
  if (bins !== undefined && !(Number.isSafeInteger(bins) && bins >= 2))
    throw new AttarError(
      "bad-option",
      `--bins takes a whole number of at least 2, got ${bins}.`,
      "for example --bins 5",
    );
  if (bins !== undefined && target !== "values")
    throw new AttarError(
      "bad-option",
      "--bins says into how many bins values to predict are cut.",
      "add --target values",
    );
  if (images !== undefined && /^\d/.test(images)) parsePictureSize(images); // else the name of an array
  if (table && images !== undefined)
    throw new AttarError(
      "bad-option",
      "--table and --images exclude each other.",
      `leave one of them out, for example --images ${images}`,
    );
  if (scale !== undefined && !(Number.isSafeInteger(scale) && scale >= 1))
    throw new AttarError(
      "bad-option",
      `--scale takes the stored value that stands for white, a whole number from 1, got ${scale}.`,
      "for example --scale 255",
    );
  if (table && scale !== undefined)
    throw new AttarError(
      "bad-option",
      "--table and --scale exclude each other: the features of a table have no common scale.",
      "leave one of them out, for example --table",
    );
  if (drop?.some((column) => column === ""))
    throw new AttarError("bad-option", "--drop names an empty column.", "for example --drop id,name");
  if (options.categories?.some((column) => column === ""))
    throw new AttarError("bad-option", "--categories names an empty column.", "for example --categories month,city");
}

/** The options as they are typed, for messages and for commands to type next: `["--label", "y", "--no-header"]`. */
export function readOptionWords({
  label,
  target,
  bins,
  header,
  drop,
  categories,
  domain,
  table,
  images,
  scale,
  ...others
}: ReadOptions): string[] {
  return [
    ...(label === undefined ? [] : ["--label", label]),
    ...(target === undefined ? [] : ["--target", target]),
    ...(bins === undefined ? [] : ["--bins", String(bins)]),
    ...(header === undefined ? [] : [header ? "--header" : "--no-header"]),
    ...(drop === undefined ? [] : ["--drop", drop.join(",")]),
    ...(categories === undefined ? [] : ["--categories", categories.join(",")]),
    ...(domain === undefined ? [] : ["--domain", domain]),
    ...(table ? ["--table"] : []),
    ...(images === undefined ? [] : ["--images", images]),
    ...(scale === undefined ? [] : ["--scale", String(scale)]),
    ...imageOptionWords(others),
    ...splitWords(others),
  ];
}

/**
 * Refuses options that say nothing about a dataset of this kind, so that none is passed over in silence.
 *
 * @param format what the dataset is, in words
 * @param understood names of the options that mean something there
 * @throws AttarError "bad-option"
 */
export function refuseOptions(
  source: string,
  format: string,
  options: ReadOptions,
  understood: readonly (keyof ReadOptions)[] = [],
): void {
  const { header } = options;
  const given = Object.entries(options).filter(
    ([name, value]) => value !== undefined && value !== false && !understood.includes(name as keyof ReadOptions),
  );
  const also = header === false && !understood.includes("header");
  if (given.length === 0 && !also) return;
  const [word] = readOptionWords(Object.fromEntries(also ? [["header", false]] : given));
  throw new AttarError("bad-option", `${source}: ${word} says nothing about ${format}.`, `leave ${word} out`);
}
