import { beforeAll, describe, expect, test } from "vitest";
import type { Dataset } from "../data/dataset.ts";
import { load, locate } from "../data/index.ts";
import { normalise } from "../data/normalise.ts";
import type { EmpiricalMeasure } from "../discrepancies/discrepancy.ts";
import { knownError } from "../discrepancies/measures/index.ts";
import { measurables } from "../discrepancies/registry.ts";
import { randomKey } from "../engine/index.ts";
import { mlp } from "../hypotheses/index.ts";
import { withNoise, withPermutedLabels } from "./change.ts";
import { type MeasureOptions, measure } from "./measure.ts";
import type { Measurement } from "./measurement.ts";

/** Samples on either side: few, so that all discrepancies take seconds. */
const count = 200;
/** Every discrepancy is measured class by class, too: of the first classes alone. */
const classes = 4;
/** Values of options, where a discrepancy declares them, that make it cheap; what they leave must still tell near from far. */
const cheap: Readonly<Record<string, number>> = {
  points: 200,
  samples: 200,
  steps: 40,
  initialisations: 2,
  draws: 2,
  seconds: 0,
};
/** Trained anew for every class. */
const critics = ["ipm-critic", "wasserstein-dual"];
/** An MLP has no convolutions to compare gradients of. */
const discrepancies = measurables.filter(({ name }) => name !== "convolution-difference");
const options: MeasureOptions = {
  discrepancies,
  network: mlp({ width: 64 }),
  options: Object.fromEntries(
    discrepancies.map(({ name, options }) => [
      name,
      Object.fromEntries(
        Object.entries({ ...cheap, ...(critics.includes(name) && { steps: 20 }) }).filter(([key]) =>
          Object.hasOwn(options, key),
        ),
      ),
    ]),
  ),
};

const key = randomKey(1);
const absent = (await locate("fashion-mnist")) === undefined;
const found: Record<"half" | "test" | "noise 1" | "noise 2" | "permuted" | "fashion" | "back", Measurement> =
  {} as never;

/** Some images of a split, in the first dataset's normalisation. */
function chosen(
  mnist: Dataset,
  of: Dataset,
  split: "train" | "test",
  rows: Uint32Array,
  name: string,
): EmpiricalMeasure {
  const points = normalise({ ...of, normalisation: mnist.normalisation }, split, rows);
  const labels = Int32Array.from(rows, (i) => of[split].labels[i]!);
  return { name, points, labels, classes: mnist.classes.slice(0, classes) };
}

/** Rows of the first classes of a split, in random order. */
const shuffled = (of: Dataset, split: "train" | "test", name: string) =>
  key
    .fold(name)
    .permutation(of[split].labels.length)
    .filter((i) => of[split].labels[i]! < classes);

beforeAll(async () => {
  const mnist = await load("mnist");
  const order = shuffled(mnist, "train", "halves");
  const one = chosen(mnist, mnist, "train", order.subarray(0, count), "one half");
  const other = chosen(mnist, mnist, "train", order.subarray(count, 2 * count), "the other half");
  const some = (of: Dataset) => shuffled(of, "test", "test").subarray(0, count);
  found.half = await measure(one, other, { ...options, perClass: true });
  found.test = await measure(one, chosen(mnist, mnist, "test", some(mnist), "test"), options);
  found["noise 1"] = await measure(one, withNoise(other, 1, key), options);
  found["noise 2"] = await measure(one, withNoise(other, 2, key), options);
  found.permuted = await measure(one, withPermutedLabels(other, key), { ...options, perClass: true });
  if (absent) return;
  const fashion = await load("fashion-mnist");
  const garments = chosen(mnist, fashion, "test", some(fashion), "Fashion-MNIST");
  found.fashion = await measure(one, garments, options);
  found.back = await measure(garments, one, { ...options, discrepancies: oneWay });
});

/** Two samples of 200 points in 784 dimensions are far apart for their sparsity alone. */
const farther = 1.3;
/** Cover the first set by the second and do not look back: digits lie near some garment, garments not near digits. */
const oneWay = ["hausdorff-directed", "covering"];

const value = (what: keyof typeof found, name: string) => found[what].values[name]!.value;

describe("seen from one random half of MNIST train", () => {
  describe("Fashion-MNIST is well beyond the other half and the test set", () => {
    test.skipIf(absent).each(discrepancies)("$name", ({ name }) => {
      const far = Math.max(value("fashion", name), oneWay.includes(name) ? value("back", name) : 0);
      for (const near of ["half", "test"] as const) expect(far).toBeGreaterThan(farther * value(near, name));
    });
  });

  describe("noise takes the other half away", () => {
    test.each(discrepancies)("$name", ({ name }) => {
      const [none, some] = [found.half.values[name]!, found["noise 1"].values[name]!];
      expect(value("noise 2", name)).toBeGreaterThan(Math.max(none.value, some.value));
      // Trained discrepancies of two samples differ by their training alone: a little noise may drown in that.
      expect(some.value + 2 * Math.hypot(knownError(some.stderr), knownError(none.stderr))).toBeGreaterThan(none.value);
    });
  });

  describe("permuted labels are seen by what reads labels, and class by class", () => {
    test.each(discrepancies)("$name", ({ name, labelAware }) => {
      const [before, after] = [found.half.values[name]!, found.permuted.values[name]!];
      if (labelAware) return expect(after.value).toBeGreaterThan(before.value);
      const mean = (classes: typeof before.classes) =>
        Object.values(classes!).reduce((sum, { value }) => sum + value, 0) / Object.keys(classes!).length;
      expect(mean(after.classes)).toBeGreaterThan(mean(before.classes));
      expect(after.value).toBeCloseTo(before.value, 6);
    });
  });
});
