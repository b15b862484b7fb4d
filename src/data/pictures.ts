import { size } from "../engine/tensor.ts";
import type { CondensedSet } from "./dataset.ts";
import { domainOf } from "./domain.ts";
import type { PlanarImage } from "./formats/png.ts";
import { denormalise, unclipped } from "./normalise.ts";

/** A condensed image as a person looks at it. */
export interface Picture {
  readonly image: PlanarImage;
  readonly label: number;
  /** The picture's number within its class, from 0. */
  readonly k: number;
}

/**
 * The set's images un-normalised to bytes, black to white, in order. Of other than 1 or 3 channels the first is shown, as grey.
 * A row of a table is a strip of one pixel a feature, from its least training value (black) to its largest.
 */
export function pictures(set: Pick<CondensedSet, "images" | "shape" | "labels" | "normalisation">): Picture[] {
  const [stored, height, width] = domainOf(set.shape).picture;
  const channels = stored === 3 ? 3 : 1;
  const values = denormalise(set.images, set.shape, set.normalisation);
  const row = size(set.shape);
  const seen = new Map<number, number>();
  return Array.from(set.labels, (label, i) => {
    const data = new Uint8Array(channels * height * width);
    for (let p = 0; p < data.length; p++) data[p] = Math.round(values[i * row + p]! * 255);
    const k = seen.get(label) ?? 0;
    seen.set(label, k + 1);
    return { image: { channels, height, width, data }, label, k };
  });
}

/**
 * The share of a set's values that pictures of bytes cannot hold: below black or above white by more than half a grey level.
 *
 * @returns 0 to 1
 */
export function clippedShare(set: Pick<CondensedSet, "images" | "shape" | "normalisation">): number {
  const values = unclipped(set.images, set.shape, set.normalisation);
  const half = 0.5 / 255;
  let clipped = 0;
  for (const value of values) if (value < -half || value > 1 + half) clipped += 1;
  return clipped / values.length;
}
