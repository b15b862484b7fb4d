import { type CondensedSet, type Dataset, normalise } from "../data/browser.ts";
import type { EmpiricalMeasure } from "../discrepancies/discrepancy.ts";
import { type Runtime, randomKey, tensor } from "../engine/index.ts";
import { measure, referencePairs } from "../measure/index.ts";
import type { Distance } from "./contract.ts";
import { firstOfEach, imagesOfSplit } from "./images.ts";

/** The most samples of T that distances are measured against. */
const measuredSamples = 1000;

/** Distances that are measured of every set: those that need no network, and take seconds at most. */
export const measured = ["mean-difference", "mmd", "sliced-wasserstein", "wasserstein"] as const;

/** Those that are followed while a set is made: each takes a fraction of a step. */
export const followed = ["mean-difference", "mmd"] as const;

/** Other samples of T that make the band of a distance. */
const others = 5;

/** A band of each distance by name. */
export type Bands = Readonly<Record<string, readonly [least: number, most: number]>>;

/** T as distances see it: its first samples of each class, in the normalisation of a set. */
export function realMeasure(dataset: Dataset, { normalisation }: CondensedSet): EmpiricalMeasure {
  const { classes, shape, train } = dataset;
  const each = Math.max(1, Math.floor(measuredSamples / classes.length));
  const indices = firstOfEach(train, classes.length, each);
  return {
    name: "T",
    points: normalise({ shape, normalisation }, train, indices),
    labels: Int32Array.from(imagesOfSplit(dataset, train, indices).labels),
    classes,
  };
}

/** A set as distances see it. */
export const setMeasure = (set: CondensedSet, { classes }: Dataset): EmpiricalMeasure => ({
  name: "S",
  points: tensor(set.images, [set.labels.length, ...set.shape]),
  labels: set.labels,
  classes,
});

/** The least and the largest distance of samples of T, as many as a set has, from the rest of it. */
export async function bandsOf(
  real: EmpiricalMeasure,
  size: number,
  discrepancies: readonly string[],
  runtime: Runtime,
): Promise<Bands> {
  const found: Record<string, [number, number]> = {};
  for (let i = 0; i < others; i++) {
    const [pair] = referencePairs(real, size, randomKey(0).fold("bands").fold(i));
    const { values } = await measure(pair!.a, pair!.b, { discrepancies, runtime });
    for (const [name, { value }] of Object.entries(values)) {
      const [least, most] = found[name] ?? [value, value];
      found[name] = [Math.min(least, value), Math.max(most, value)];
    }
  }
  return found;
}

/** The distances of a set from T, each with its band where it is known. */
export async function distancesOf(
  real: EmpiricalMeasure,
  own: EmpiricalMeasure,
  { discrepancies, bands = {}, runtime }: { discrepancies: readonly string[]; bands?: Bands; runtime: Runtime },
): Promise<readonly Distance[]> {
  const { values } = await measure(real, own, { discrepancies, runtime });
  return Object.entries(values).map(([name, { value }]) => ({
    name,
    value,
    ...(bands[name] && { reference: bands[name] }),
  }));
}
