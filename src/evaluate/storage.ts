import type { CondensedSet } from "../data/dataset.ts";

/** The bytes of a set in each form that it can be kept in, its labels beside. */
export interface Storage {
  /** The images that networks train on, float32. */
  readonly images: number;
  /** Codes of the classes, where the set has them; entries of a codebook by the bits of their number. */
  readonly codes?: number;
  /** Codes, and what decodes them. */
  readonly codesAndDecoder?: number;
  /** True where what decodes them was trained elsewhere, and not on the dataset. */
  readonly outside?: true;
  /** Classes of 8 bytes each, or float32 probabilities and numbers to predict. */
  readonly labels: number;
  /** The least of a form that is whole, with labels. */
  readonly least: number;
}

/** A set's bytes, form by form. @param soft true where its labels are probabilities that a teacher gives each image */
export function storageOf(set: CondensedSet, soft = false): Storage {
  const { images, form, labels, classes } = set;
  const floats = (set.storedFloats ?? images.length) * 4;
  const own = soft ? labels.length * classes.length * 4 : storedBytes(set) - floats;
  return {
    images: images.byteLength,
    ...(form && {
      codes: 4 * form.codes,
      codesAndDecoder: 4 * (form.codes + form.decoder),
      ...(form.outside && { outside: true as const }),
    }),
    labels: own,
    least: floats + own,
  };
}

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
