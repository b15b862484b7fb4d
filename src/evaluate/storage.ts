import type { CondensedSet } from "../data/dataset.ts";

/**
 * The bytes that a set takes to keep: float32 images (or the floats they are decoded from, with one label for each of the ipc
 * images of a class), and labels of 8 bytes, or soft labels and numbers to predict of float32.
 */
export function storedBytes({
  images,
  softLabels: soft,
  values,
  labels,
  storedFloats,
  classes,
  ipc,
}: CondensedSet): number {
  const softLabels = values ?? soft;
  if (storedFloats === undefined) return images.byteLength + (softLabels?.byteLength ?? labels.length * 8);
  return storedFloats * 4 + (softLabels?.byteLength ?? classes.length * ipc * 8);
}
