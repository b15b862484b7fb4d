import { expect, test } from "vitest";
import { originalValues, outputsOf, standardisedValues, targetOfValues } from "./valuesTarget.ts";

const close = (a: ArrayLike<number>, b: readonly number[]) => {
  expect(a.length).toBe(b.length);
  for (const [i, v] of b.entries()) expect(a[i]).toBeCloseTo(v, 5);
};

test("values are standardised by the training split, and binned by its quantiles", () => {
  const made = targetOfValues({ names: ["y"], train: [1, 2, 3, 4, 5, 6], test: [0, 3.5, 9], bins: 3 }, "made");
  expect(made.target.mean).toEqual([3.5]);
  expect(made.target.std[0]).toBeCloseTo(Math.sqrt(17.5 / 6), 12);
  expect([...made.train.labels]).toEqual([0, 0, 1, 1, 2, 2]);
  expect([...made.test!.labels]).toEqual([0, 1, 2]);
  expect(made.classes).toEqual(["y up to 2", "y 2 to 4", "y above 4"]);
  close(originalValues(made.test!.values, made.target), [0, 3.5, 9]);
  expect([...standardisedValues([1, 2, 3, 4, 5, 6], made.target)]).toEqual([...made.train.values]);
});

test("several values have a mean and deviation each; the first of them is binned", () => {
  const { target, train } = targetOfValues({ names: ["a", "b"], train: [1, 30, 2, 20, 3, 10, 4, 0], bins: 2 }, "made");
  expect(target.mean).toEqual([2.5, 15]);
  expect(target.std.map((s) => s ** 2).map(Math.fround)).toEqual([1.25, 125]);
  expect([...train.labels]).toEqual([0, 0, 1, 1]);
  expect(outputsOf({ classes: ["low", "high"], target })).toBe(2);
  expect(outputsOf({ classes: ["a", "b", "c"] })).toBe(3);
});

test.each([
  [[0, 0, 0, 0, 0, 0, 0, 0, 1, 2], 5],
  [[1, 1, 1, 1, 1, 1, 1, 1, 1, 0], 5],
  [[1, 2], 5],
  [[0.12341, 0.12342, 0.12343, 0.12344], 4],
])("no bin of %j is empty, and names differ", (train, bins) => {
  const { classes, train: binned } = targetOfValues({ names: ["y"], train, bins }, "made");
  expect(new Set(binned.labels)).toEqual(new Set(classes.keys()));
  expect(new Set(classes).size).toBe(classes.length);
  expect(classes.length).toBeGreaterThanOrEqual(2);
});

test.each([
  [{ names: ["y"], train: [2, 2, 2] }, /y is 2 in every training row/],
  [{ names: ["a", "b"], train: [1, 2, 3, Number.NaN] }, /training row 1 has no finite number as b/],
  [{ names: ["y"], train: [1, 2], test: [Number.POSITIVE_INFINITY] }, /test row 0/],
])("%j is refused", (raw, message) => {
  expect(() => targetOfValues(raw, "made")).toThrow(message);
});
