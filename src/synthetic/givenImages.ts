import type { CondensedSet } from "../data/dataset.ts";
import type { DatasetFacts } from "../data/reader.ts";
import { renormalised } from "../data/renormalised.ts";
import { AttarError, size } from "../engine/index.ts";

/** Images that S starts from, by class: [n, C, H, W] in the training normalisation, n as many as there are. */
export type GivenImages = ReadonlyMap<number, Float32Array>;

/**
 * The images of a condensed set as a start for a dataset that has grown: by the names of classes, in the dataset's
 * normalisation. A class that the set has not is left out.
 *
 * @throws AttarError "set-does-not-fit" (exit code 2) where sizes differ or no class is in both; "unknown-scale"
 */
export function givenImages(set: CondensedSet, facts: DatasetFacts): GivenImages {
  const { shape, classes, normalisation, name } = facts;
  if (String(set.shape) !== String(shape))
    throw new AttarError(
      "set-does-not-fit",
      `the set to start from holds ${set.shape.join("x")} images, ${name} has ${shape.join("x")}`,
      "leave --start out",
    );
  const images = renormalised(set.images, shape, set.normalisation, normalisation, ["the set", name]);
  const each = size(shape);
  const found = new Map<number, number[]>();
  set.labels.forEach((label, row) => {
    const c = classes.indexOf(set.classes[label]!);
    if (c >= 0) found.set(c, [...(found.get(c) ?? []), row]);
  });
  if (found.size === 0)
    throw new AttarError(
      "set-does-not-fit",
      `no class of the set to start from (${set.classes.slice(0, 3).join(", ")}) is a class of ${name} (${classes.slice(0, 3).join(", ")})`,
      "leave --start out",
    );
  return new Map(
    [...found].map(([c, rows]) => {
      const own = new Float32Array(rows.length * each);
      for (const [k, row] of rows.entries()) own.set(images.subarray(row * each, (row + 1) * each), k * each);
      return [c, own];
    }),
  );
}

/** Images of all classes, `count` of each, with those that are given in the place of the first ones of their class. */
export function withGiven(images: Float32Array, count: number, each: number, given?: GivenImages): Float32Array {
  for (const [c, own] of given ?? []) images.set(own.subarray(0, Math.min(own.length, count * each)), c * count * each);
  return images;
}
