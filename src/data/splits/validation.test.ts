import { expect, test } from "vitest";
import { tinyDataset } from "../../../test/fixtures/tinyDataset.ts";
import { byClass } from "../byClass.ts";
import { withValidation } from "./validation.ts";

const dataset = await tinyDataset({ classes: 3, perClass: 20 });
const rowsIn = ({ images, labels }: typeof dataset.train) =>
  Array.from(labels, (label, i) => `${label}:${images.subarray(64 * i, 64 * (i + 1))}`);
const sizes = (labels: Int32Array) => byClass(labels, 3).map((rows) => rows.length);

test("a share of every class is held out of the training split, and nothing of the test split is there", async () => {
  const held = await withValidation(dataset, { share: 0.25, seed: 0 });
  expect(sizes(held.train.labels)).toEqual([15, 15, 15]);
  expect(sizes(held.test.labels)).toEqual([5, 5, 5]);
  expect([...rowsIn(held.train), ...rowsIn(held.test)].sort()).toEqual(rowsIn(dataset.train).sort());
  expect(held.normalisation).toEqual(dataset.normalisation);
  expect(held.checksum).not.toBe(dataset.checksum);
});

test("which rows they are hangs on the seed", async () => {
  const [a, same, other] = await Promise.all([1, 1, 2].map((seed) => withValidation(dataset, { share: 0.25, seed })));
  expect(rowsIn(same!.test)).toEqual(rowsIn(a!.test));
  expect(rowsIn(other!.test)).not.toEqual(rowsIn(a!.test));
});

test("there may be a limit, of one a class at least", async () => {
  const held = await withValidation(dataset, { share: 0.5, most: 12, seed: 0 });
  expect(sizes(held.test.labels)).toEqual([4, 4, 4]);
  expect(sizes((await withValidation(dataset, { share: 0.5, most: 1, seed: 0 })).test.labels)).toEqual([1, 1, 1]);
});

test.each([0, 1, Number.NaN])("a share of %s is refused", async (share) => {
  await expect(withValidation(dataset, { share, seed: 0 })).rejects.toThrow("between 0 and 1");
});
