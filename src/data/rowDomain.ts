import { badData } from "./badData.ts";
import { type PictureSize, parsePictureSize, type ReadOptions } from "./readOptions.ts";

/** The domain of rows of numbers: pictures of a size, or features. */
export interface RowDomain extends PictureSize {
  /** The decision and its reason, a sentence; undefined where nothing was left to guess. */
  readonly note?: string;
}

/** Rows of numbers as they are known before a domain is chosen. */
export interface Rows {
  readonly features: number;
  readonly values: Uint8Array | Float32Array;
  /** Names of the columns, where they have any. */
  readonly names?: readonly string[];
  readonly range: readonly [number, number];
}

/** Sides of pictures that rows without names of pixels are taken for. */
const commonSides = [28, 32, 64];
const onePixel = /^(?:pixels?|pix|px)[ _.-]?\d+$/i;
const twoPixel = /^(?:(?:pixels?|pix|px)[ _.-]?(\d+)[x_.,-](\d+)|(\d+)x(\d+)|r(?:ow)?_?(\d+)_?c(?:ol)?_?(\d+))$/i;

/**
 * Decides whether rows are pictures: where the columns are named like pixels ("pixel0", "1x1"), or where nameless columns are
 * as many as 28x28, 32x32 or 64x64 pictures have pixels, grey or in colour, and hold grey levels (0 to 255, or 255ths). All
 * else is a table, whose shape is [features, 1, 1]; a series has [1, time, 1].
 *
 * @throws AttarError "bad-data" where `--images` names another size
 */
export function rowDomain(rows: Rows, where: string, { domain, table, images }: ReadOptions): RowDomain {
  const { features } = rows;
  const asTable: RowDomain = { shape: [features, 1, 1], interleaved: false };
  if (domain === "series") return { shape: [1, features, 1], interleaved: false };
  if (table || domain === "embedding") return asTable;
  if (images !== undefined) {
    const size = parsePictureSize(images);
    const [c, h, w] = size.shape;
    if (c * h * w === features) return size;
    throw badData(
      where,
      `a row has ${features} numbers, pictures of ${images} have ${c * h * w}`,
      "Give the size of the pictures, or leave out columns with --drop.",
    );
  }
  const named = namedPixels(rows);
  if (named) return named;
  const side = Math.round(Math.sqrt(features));
  const colourSide = Math.round(Math.sqrt(features / 3));
  const [square, colour] = [side * side === features, 3 * colourSide * colourSide === features];
  const common = (square && commonSides.includes(side)) || (colour && commonSides.includes(colourSide));
  if (common && nameless(rows.names) && isGrey(rows))
    return square
      ? picture(side, side, 1, "grey levels of as many nameless columns")
      : picture(colourSide, colourSide, 3, "grey levels of as many nameless columns");
  const levels = rows.values instanceof Uint8Array && ((square && side >= 4) || (colour && colourSide >= 4));
  if (!levels && !common) return asTable;
  const as = square ? `${side}x${side}` : `3x${colourSide}x${colourSide}`;
  return {
    ...asTable,
    note: `its ${features} columns are read as features of a table (--images ${as} reads pictures)`,
  };
}

function picture(height: number, width: number, channels: number, why: string): RowDomain {
  const shape = [channels, height, width] as const;
  const order = channels === 3 ? ", one colour after the other" : "";
  const other = channels === 3 ? ` and --images ${height}x${width}x3 colours side by side` : "";
  const note = `its rows are read as pictures of ${height}x${width}${order}: ${why} (--table reads features${other})`;
  return { shape, interleaved: false, note };
}

/** Pictures whose columns are named as pixels, if they are, in the order of reading. */
function namedPixels({ names, features }: Rows): RowDomain | undefined {
  if (!names || names.length === 0) return undefined;
  const pairs = names.map((name) =>
    twoPixel
      .exec(name.trim())
      ?.slice(1)
      .filter((d) => d !== undefined),
  );
  if (pairs.every((pair) => pair?.length === 2)) {
    const [rows, columns] = [0, 1].map((i) => [...new Set(pairs.map((pair) => Number(pair![i])))]);
    const [height, width] = [rows!.length, columns!.length];
    const inOrder = pairs.every(
      (pair, i) => Number(pair![0]) === rows![Math.floor(i / width)] && Number(pair![1]) === columns![i % width],
    );
    if (height * width === features && inOrder) return picture(height, width, 1, "its columns are named as pixels");
  }
  if (!names.every((name) => onePixel.test(name.trim()))) return undefined;
  for (const channels of [1, 3]) {
    const side = Math.round(Math.sqrt(features / channels));
    if (side >= 2 && channels * side * side === features)
      return picture(side, side, channels, "its columns are named as pixels");
  }
  return undefined;
}

/** Tells whether the names say nothing: there are none, or one word with numbers that go up. */
function nameless(names: readonly string[] | undefined): boolean {
  if (!names || names.length === 0) return true;
  const parts = names.map((name) => /^(.*?)(\d+)$/.exec(name.trim()));
  const [first] = parts;
  return parts.every((part, i) => part?.[1] === first?.[1] && Number(part?.[2]) === Number(first?.[2]) + i);
}

/** Tells whether the values are grey levels: bytes that use more than sixteen levels, or 255ths of 0 to 1. */
function isGrey({ values, range: [low, high] }: Rows): boolean {
  if (values instanceof Uint8Array) return high > 16;
  if (low < 0 || high > 1 || high <= 0) return false;
  return values.every((value) => Math.abs(value * 255 - Math.round(value * 255)) < 0.02);
}
