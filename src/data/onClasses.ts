import { size } from "../engine/tensor.ts";
import { sha256 } from "./checksum.ts";
import type { CondensedSet, Dataset, Split } from "./dataset.ts";

/**
 * The part of a dataset that has some classes, numbered anew in their order. Its normalisation stays: what was measured on all of it is
 * known before the first class is.
 */
export async function onClasses(dataset: Dataset, classes: readonly number[]): Promise<Dataset> {
  const { known: _, ...rest } = dataset;
  const each = size(dataset.shape);
  return {
    ...rest,
    classes: classes.map((c) => dataset.classes[c]!),
    train: part(dataset.train, classes, each),
    test: part(dataset.test, classes, each),
    checksum: await sha256(new TextEncoder().encode(`${dataset.checksum} classes ${classes.join()}`)),
  };
}

/** The part of a condensed set that has some classes, beside {@link onClasses} of its dataset. */
export function setOnClasses(set: CondensedSet, classes: readonly number[], onto: Dataset): CondensedSet {
  const each = size(set.shape);
  const rows = rowsOf(set.labels, classes);
  // Codes lie class by class of all classes, and what decodes them knows no fewer.
  const { form: _coded, ...decoded } = set;
  return {
    ...decoded,
    images: gathered(set.images, rows, each) as Float32Array,
    labels: renumbered(set.labels, rows, classes),
    ...(set.softLabels && { softLabels: softOf(set, rows, classes) }),
    classes: onto.classes,
    dataset: onto.name,
    datasetChecksum: onto.checksum,
    // What was decoded from so many floats is so class by class.
    ...(set.storedFloats !== undefined && {
      storedFloats: Math.ceil((set.storedFloats * rows.length) / set.labels.length),
    }),
  };
}

const rowsOf = (labels: Int32Array, classes: readonly number[]): number[] =>
  Array.from(labels, (_, i) => i).filter((i) => classes.includes(labels[i]!));

const renumbered = (labels: Int32Array, rows: readonly number[], classes: readonly number[]): Int32Array =>
  Int32Array.from(rows, (i) => classes.indexOf(labels[i]!));

function part({ images, labels }: Split, classes: readonly number[], each: number): Split {
  const rows = rowsOf(labels, classes);
  return { images: gathered(images, rows, each), labels: renumbered(labels, rows, classes) };
}

function gathered(images: Split["images"], rows: readonly number[], each: number): Split["images"] {
  const out = images instanceof Uint8Array ? new Uint8Array(rows.length * each) : new Float32Array(rows.length * each);
  for (const [to, from] of rows.entries()) out.set(images.subarray(from * each, (from + 1) * each), to * each);
  return out;
}

/** Soft labels without the other classes; probabilities add up to one again. */
function softOf({ softLabels, loss, classes: all }: CondensedSet, rows: readonly number[], classes: readonly number[]) {
  const k = all.length;
  return Float32Array.from(
    rows.flatMap((i) => {
      const own = classes.map((c) => softLabels![i * k + c]!);
      if (loss === "squared-error") return own;
      const sum = own.reduce((a, b) => a + b, 0);
      return own.map((v) => (sum > 0 ? v / sum : 1 / classes.length));
    }),
  );
}
