import type { RandomKey } from "../engine/index.ts";

/** Images under attack, in pixels. */
export interface Points {
  /** [n, d]. */
  readonly images: Float64Array;
  readonly labels: Int32Array;
  /** The number of each image: what is drawn for it follows from that alone, whichever others are attacked with it. */
  readonly ids: ArrayLike<number>;
}

/** Rows of an array of rows of d numbers, in their order. */
export function gather(rows: Float64Array, which: ArrayLike<number>, d: number): Float64Array {
  const out = new Float64Array(which.length * d);
  for (let i = 0; i < which.length; i++) out.set(rows.subarray(which[i]! * d, (which[i]! + 1) * d), i * d);
  return out;
}

/** Puts rows back to where {@link gather} took them from. */
export function scatter(rows: Float64Array, which: ArrayLike<number>, d: number, into: Float64Array): void {
  for (let i = 0; i < which.length; i++) into.set(rows.subarray(i * d, (i + 1) * d), which[i]! * d);
}

/** Some of the points, in the order named. */
export function chosenPoints({ images, labels, ids }: Points, which: ArrayLike<number>): Points {
  const d = images.length / labels.length;
  return {
    images: gather(images, which, d),
    labels: Int32Array.from(which, (i) => labels[i]!),
    ids: Array.from(which, (i) => ids[i]!),
  };
}

/** d numbers for each point, one after the other: drawn by its number. */
export function drawnFor(
  { images, labels, ids }: Points,
  key: RandomKey,
  draw: (own: RandomKey, d: number) => ArrayLike<number>,
): Float64Array {
  const d = images.length / labels.length;
  const out = new Float64Array(images.length);
  for (let i = 0; i < labels.length; i++) out.set(draw(key.fold(ids[i]!), d), i * d);
  return out;
}
