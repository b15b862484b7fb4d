import { badData } from "../badData.ts";
import type { Dataset, Split } from "../dataset.ts";
import { makeDataset, type NormalisationKind } from "../makeDataset.ts";
import type { ReadOptions } from "../readOptions.ts";
import { foundNotes, type PackedImages } from "./packStream.ts";

/** A split of packed images with a label for every image that was listed, read or not. */
export interface PackedSplit {
  readonly images: PackedImages & { readonly digest?: string };
  readonly labels: Int32Array;
}

/** What {@link datasetOfPacked} takes beside the splits. */
export interface PackedFacts {
  readonly name: string;
  readonly classes: readonly string[];
  readonly source: string;
  readonly format: string;
  readonly labels: string;
  readonly testSplit: string;
  readonly notes: readonly string[];
  readonly options: ReadOptions;
}

/**
 * A dataset of packed images: grey repeated over three channels where the other split has colours, bytes stretched to words of
 * 16 bits where it has those.
 *
 * @throws AttarError "bad-data" where the splits' images differ in size, and as `makeDataset` does
 */
export async function datasetOfPacked(
  train: PackedSplit,
  test: PackedSplit | undefined,
  facts: PackedFacts,
  kind?: NormalisationKind,
): Promise<Dataset> {
  const { height, width } = train.images;
  const other = test && test.images.count > 0 ? test : undefined;
  if (other && (other.images.height !== height || other.images.width !== width))
    throw badData(
      facts.source,
      `training images are ${width} x ${height} pixels, test images ${other.images.width} x ${other.images.height}`,
      `This brings all of them to one size: --size ${height}x${width}`,
    );
  const splits = other ? [train, other] : [train];
  const channels = splits.some(({ images }) => images.channels === 3) ? 3 : 1;
  const words = splits.some(({ images }) => images.data instanceof Uint16Array);
  const asSplit = ({ images, labels }: PackedSplit): Split => ({
    images: stored(images, channels, words),
    labels: withoutSkipped(labels, images.skipped),
  });
  const digestOf = (split: PackedSplit | undefined) =>
    split && split.images.channels === channels && !words ? split.images.digest : undefined;
  const { options, format, labels, testSplit, notes, ...rest } = facts;
  return makeDataset(
    {
      ...rest,
      shape: [channels, height, width],
      train: asSplit(train),
      ...(other && { test: asSplit(other) }),
      pixelDigests: { train: digestOf(train), test: digestOf(other) },
      scale: words ? 65535 : 255,
      reading: {
        format,
        labels,
        testSplit: other ? testSplit : "none",
        notes: [...notes, ...splits.flatMap(({ images }) => foundNotes(images.found, images.skipped.length))],
        options,
      },
    },
    kind,
  );
}

/** [count, channels, height, width] as datasets hold it: bytes, or float32 of 0 to 65535. */
function stored({ data, channels, count }: PackedImages, wanted: 1 | 3, words: boolean): Uint8Array | Float32Array {
  if (!words && channels === wanted && data instanceof Uint8Array) return data;
  const plane = count === 0 ? 0 : data.length / count / channels;
  const out = words ? new Float32Array(count * wanted * plane) : new Uint8Array(count * wanted * plane);
  const gain = words && data instanceof Uint8Array ? 257 : 1;
  for (let i = 0; i < count; i++)
    for (let c = 0; c < wanted; c++) {
      const from = (i * channels + Math.min(c, channels - 1)) * plane;
      const to = (i * wanted + c) * plane;
      for (let p = 0; p < plane; p++) out[to + p] = data[from + p]! * gain;
    }
  return out;
}

function withoutSkipped(labels: Int32Array, skipped: readonly number[]): Int32Array {
  if (skipped.length === 0) return labels;
  const gone = new Set(skipped);
  return labels.filter((_, i) => !gone.has(i));
}
