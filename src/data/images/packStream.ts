import { AttarError } from "../../engine/errors.ts";
import { badData } from "../badData.ts";
import { listed } from "../reading.ts";
import type { EncodedImage, Wanted } from "./decoder.ts";
import { fitImage, planar } from "./fitImage.ts";
import { type Fit, type ImageOptions, parseImageSize } from "./imageOptions.ts";
import { grey, type Pixels } from "./pixels.ts";
import { type FoundSizes, refuseSizes } from "./refuseSizes.ts";
import { RowStore } from "./rowStore.ts";

/** Images of one size in one array. */
export interface PackedImages {
  readonly count: number;
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
  /** [count, channels, height, width]; words of 16 bits where any image has them. */
  readonly data: Uint8Array | Uint16Array;
  /** Positions of images that could not be read, in order. */
  readonly skipped: readonly number[];
  readonly found: FoundImages;
}

/** What was found on the way. JSON-serialisable. */
export interface FoundImages {
  /** How many images had each size, "width x height"; the commonest first, at most a hundred sizes. */
  readonly sizes: readonly (readonly [string, number])[];
  /** How many had other sizes than those. */
  readonly otherSizes: number;
  readonly alpha: number;
  readonly several: number;
  /** The first images that could not be read, by name. */
  readonly unreadable: readonly string[];
}

/** How {@link packStream} reads. */
export interface PackOptions extends ImageOptions {
  /** The images' number. */
  readonly count: number;
  readonly decode: (bytes: Uint8Array, where: string, wanted?: Wanted) => Promise<Pixels>;
  /** The most bytes that all pixels may take. @default no bound */
  readonly most?: number;
  /** Images that are read and decoded at a time. @default 8 */
  readonly concurrency?: number;
  /** Told after each image. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Reads, decodes, fits and packs images one after the other, some at a time: beside the packed pixels only those are in memory.
 * Without a size all must have that of the first.
 *
 * @param where the dataset, for messages
 * @throws AttarError "bad-data": an image that cannot be read, unless `skipUnreadable`; images of several sizes; no image;
 * the signal's reason
 */
export async function packStream(
  images: AsyncIterable<EncodedImage> | Iterable<EncodedImage>,
  where: string,
  options: PackOptions,
): Promise<PackedImages> {
  const {
    count,
    decode,
    skipUnreadable,
    concurrency = 8,
    onProgress,
    signal,
    most = Number.POSITIVE_INFINITY,
  } = options;
  const wanted = options.size === undefined ? undefined : parseImageSize(options.size);
  const fit: Fit = options.fit ?? "cover";
  const sizes: FoundSizes = new Map();
  const skipped: { index: number; where: string }[] = [];
  const failures: { index: number; error: unknown }[] = [];
  let store: RowStore | undefined;
  let [alpha, several, done, next] = [0, 0, 0, 0];
  const iterator = Symbol.asyncIterator in images ? images[Symbol.asyncIterator]() : images[Symbol.iterator]();

  const repeated = new WeakMap<Uint8Array, Pixels>();
  const fitted = async (one: EncodedImage): Promise<Pixels | undefined> => {
    const bytes = await one.bytes();
    const known = one.shared ? repeated.get(bytes) : undefined;
    if (known) return known;
    const pixels = await decode(bytes, one.where, wanted && { size: wanted, fit });
    if (pixels.alpha) alpha++;
    if (pixels.several) several++;
    const { height, width } = pixels.stored ?? pixels;
    const size = `${width} x ${height}`;
    const alike = sizes.get(size);
    if (alike) alike.count++;
    else sizes.set(size, { count: 1, where: one.where, height, width });
    if (!wanted && sizes.size > 1) return undefined; // refused in the end, with all sizes
    const shown = options.grey ? grey(pixels) : pixels;
    const out = wanted ? fitImage(shown, wanted, fit) : planar(shown);
    if (one.shared) repeated.set(bytes, out);
    return out;
  };
  const take = async (one: EncodedImage, index: number): Promise<void> => {
    const image = await fitted(one);
    if (!image) return;
    store ??= new RowStore(count, image.height, image.width, most, where);
    store.put(index, image);
  };
  const work = async (): Promise<void> => {
    while (failures.length === 0 && !signal?.aborted) {
      const { value, done: ended } = await iterator.next();
      if (ended || failures.length > 0) return;
      const index = next++;
      try {
        await take(value, index);
      } catch (error) {
        if (skipUnreadable && error instanceof AttarError && error.code === "bad-data")
          skipped.push({ index, where: value.where });
        else failures.push({ index, error });
      }
      onProgress?.(++done, count);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: concurrency }, work));
  signal?.throwIfAborted();
  const [failure] = failures.sort((a, b) => a.index - b.index);
  if (failure) throw failure.error;
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  if (!wanted && sizes.size > 1) refuseSizes(sizes);
  skipped.sort((a, b) => a.index - b.index);
  if (!store)
    throw skipped[0]
      ? badData(where, `none of its ${skipped.length} images can be read, ${skipped[0].where} for one`)
      : badData(where, "no image was found", "Check that the folder or file is the right one.");
  const packed = store.packed(skipped.map(({ index }) => index));
  const byCount = [...sizes].map(([size, { count }]) => [size, count] as const).sort((a, b) => b[1] - a[1]);
  return {
    ...packed,
    skipped: skipped.map(({ index }) => index),
    found: {
      sizes: byCount.slice(0, 100),
      otherSizes: Math.max(0, byCount.length - 100),
      alpha,
      several,
      unreadable: skipped.slice(0, 8).map((one) => one.where),
    },
  };
}

/** What is said of images that were found, a sentence each. */
export function foundNotes({ sizes, otherSizes, alpha, several, unreadable }: FoundImages, skipped: number): string[] {
  const many = sizes.length + otherSizes;
  const shown = sizes.slice(0, 4).map(([size, count]) => `${count} of ${size}`);
  return [
    ...(many > 1 ? [`images of ${many} sizes are brought to one: ${shown.join(", ")}${many > 4 ? ", …" : ""}`] : []),
    ...(alpha > 0 ? [`images with transparency, which is dropped: ${alpha}`] : []),
    ...(several > 0 ? [`files with several images, of which the first is read: ${several}`] : []),
    ...(skipped > 0 ? [`images that cannot be read are passed over: ${skipped} (${listed(unreadable, 4)})`] : []),
  ];
}
