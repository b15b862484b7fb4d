import type { Normalisation } from "../../data/dataset.ts";
import { encodePng } from "../../data/formats/png.ts";
import { denormalise } from "../../data/normalise.ts";
import type { EmpiricalMeasure } from "../../discrepancies/discrepancy.ts";
import { rowsOf } from "../../discrepancies/measures/index.ts";
import { randomKey } from "../../engine/index.ts";
import { withNoise } from "../change.ts";

/** Pixels between two images of a strip. */
const gap = 2;
/** A grey between black and white, so that images end visibly on light and on dark paper. */
const gapGrey = 150;

/** Some images side by side as a PNG in a data URI, and their size in pixels. */
export interface Strip {
  readonly uri: string;
  readonly width: number;
  readonly height: number;
}

/**
 * `count` images of different classes side by side, the `nth` of each class, as a person sees them; with normal noise on
 * them where asked. Undefined for points that are no grey or colour images.
 */
export function strip(
  measure: EmpiricalMeasure,
  normalisation: Normalisation | undefined,
  { count, nth = 0, noise = 0 }: { count: number; nth?: number; noise?: number },
): Strip | undefined {
  const [, channels = 0, height = 0, width = 0] = measure.points.shape;
  if (measure.points.shape.length !== 4 || (channels !== 1 && channels !== 3) || !normalisation) return undefined;
  if (width < 4 || height < 4) return undefined;
  const chosen = rowsOf(measure, ofEachClass(measure, count, nth));
  const seen = noise > 0 ? withNoise(chosen, noise, randomKey(0).fold("picture")) : chosen;
  const values = denormalise(seen.points.data as Float32Array, [channels, height, width], normalisation);
  const wide = count * (width + gap) - gap;
  const data = new Uint8Array(channels * height * wide).fill(gapGrey);
  for (let i = 0; i < chosen.labels.length; i++)
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          data[(c * height + y) * wide + i * (width + gap) + x] = Math.round(
            255 * values[((i * channels + c) * height + y) * width + x]!,
          );
  const png = encodePng({ channels: channels as 1 | 3, height, width: wide, data });
  return { uri: `data:image/png;base64,${base64(png)}`, width: wide, height };
}

/** Positions of the nth image of the first classes, filled up with the first images. */
function ofEachClass({ labels, classes }: EmpiricalMeasure, count: number, nth: number): number[] {
  const seen = new Map<number, number[]>();
  labels.forEach((label, i) => {
    const own = seen.get(label) ?? [];
    if (own.length <= nth) seen.set(label, [...own, i]);
  });
  const step = Math.max(1, Math.floor(classes.length / count));
  return Array.from({ length: Math.min(count, labels.length) }, (_, k) => {
    const own = seen.get((k * step) % classes.length);
    return own?.at(Math.min(nth, own.length - 1)) ?? k;
  });
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
