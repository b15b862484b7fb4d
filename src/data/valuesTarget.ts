import { badData } from "./badData.ts";

/**
 * Numbers that are to be predicted of every sample, in place of a class (§2: regression). They are kept standardised:
 * (value − mean) / std, one mean and deviation a number.
 */
export interface ValuesTarget {
  /** The name of each number. */
  readonly names: readonly string[];
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Numbers to predict as a reader finds them. */
export interface RawValues {
  readonly names: readonly string[];
  /** [n, k] of the training split, in their own units. */
  readonly train: ArrayLike<number>;
  readonly test?: ArrayLike<number>;
  /** The largest number of bins that stand in for classes. */
  readonly bins?: number;
}

/** A split's numbers, and the bin of each sample. */
export interface BinnedValues {
  /** [n, k], standardised. */
  readonly values: Float32Array;
  readonly labels: Int32Array;
}

/** Bins where nobody asks for a number of them. */
export const usualBins = 5;

/**
 * Numbers to predict as a target: standardised by the training split, with quantile bins of the first of them in place of
 * classes, so that what goes class by class (coresets, matching, starts) goes bin by bin. Equal numbers share a bin, so there
 * may be fewer than asked for; none is empty on the training split.
 *
 * @throws AttarError "bad-data" for numbers that are not finite, or all alike
 */
export function targetOfValues(
  raw: RawValues,
  where: string,
): { target: ValuesTarget; classes: readonly string[]; train: BinnedValues; test?: BinnedValues } {
  const { names, train, test, bins = usualBins } = raw;
  const k = names.length;
  const n = train.length / k;
  for (const [split, values] of [["training", train] as const, ["test", test ?? []] as const])
    for (let i = 0; i < values.length; i++)
      if (!Number.isFinite(values[i]!))
        throw badData(
          where,
          `${split} row ${Math.floor(i / k)} has no finite number as ${names[i % k]}: ${values[i]}`,
          "Leave out the rows whose numbers to predict are missing.",
        );
  const mean = names.map((_, j) => sumOf(n, (i) => train[i * k + j]!) / n);
  const std = names.map((_, j) => Math.sqrt(sumOf(n, (i) => (train[i * k + j]! - mean[j]!) ** 2) / n));
  const constant = std.findIndex((s) => !(s > 0));
  if (constant >= 0)
    throw badData(
      where,
      `${names[constant]} is ${train[constant]} in every training row`,
      "Name another column to predict.",
    );
  const target = { names, mean, std };
  const edges = quantileEdges(
    Float64Array.from({ length: n }, (_, i) => train[i * k]!),
    bins,
  );
  const binned = (values: ArrayLike<number>): BinnedValues => ({
    values: standardisedValues(values, target),
    labels: Int32Array.from(
      { length: values.length / k },
      (_, i) => edges.filter((edge) => values[i * k]! > edge).length,
    ),
  });
  return { target, classes: binNames(names[0]!, edges), train: binned(train), ...(test && { test: binned(test) }) };
}

/** Numbers [n, k] in their own units, standardised. */
export const standardisedValues = (values: ArrayLike<number>, { mean, std }: ValuesTarget): Float32Array =>
  Float32Array.from(values, (v, i) => (v - mean[i % mean.length]!) / std[i % std.length]!);

/** The inverse of {@link standardisedValues}. */
export const originalValues = (values: ArrayLike<number>, { mean, std }: ValuesTarget): Float64Array =>
  Float64Array.from(values, (v, i) => v * std[i % std.length]! + mean[i % mean.length]!);

/** The number of outputs that a network has for a dataset: its classes, or the numbers to predict. */
export const outputsOf = ({ classes, target }: { classes: readonly string[]; target?: ValuesTarget }): number =>
  target ? target.names.length : classes.length;

/** The sentence that says what stands in for classes. */
export const binNote = (bins: readonly string[]): string =>
  `its values are cut into ${bins.length} bins, which stand in for classes (--bins ${bins.length}): ${bins.join(", ")}`;

/** Tells whether a note is {@link binNote}'s. */
export const isBinNote = (note: string): boolean => note.startsWith("its values are cut into ");

/** Edges between quantile bins: values of the sample, ascending and distinct, below its largest. */
function quantileEdges(values: Float64Array, bins: number): number[] {
  const sorted = values.sort();
  const largest = sorted.at(-1)!;
  const edges = Array.from({ length: bins - 1 }, (_, b) => sorted[Math.ceil(((b + 1) * sorted.length) / bins) - 1]!);
  const distinct = [...new Set(edges)].filter((edge) => edge < largest);
  // Where the largest value fills all bins but a part of the first, what lies below it is a bin of its own.
  return distinct.length > 0 ? distinct : [sorted.findLast((value) => value < largest)!];
}

function binNames(name: string, edges: readonly number[]): string[] {
  const texts = [(v: number) => String(Number(v.toPrecision(4))), String]
    .map((write) => edges.map(write))
    .find((written) => new Set(written).size === edges.length)!;
  return [
    `${name} up to ${texts[0]}`,
    ...texts.map((low, i) => (i + 1 < texts.length ? `${name} ${low} to ${texts[i + 1]}` : `${name} above ${low}`)),
  ];
}

function sumOf(n: number, of: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += of(i);
  return sum;
}
