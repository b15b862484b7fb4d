import { expect, test } from "vitest";
import { byClass } from "./byClass.ts";
import { loadDigits } from "./digits.ts";
import { makeDataset } from "./makeDataset.ts";

const split = (labels: number[], images: Uint8Array | Float32Array = new Uint8Array(labels.length * 4)) => ({
  images,
  labels: Int32Array.from(labels),
});
const raw = {
  name: "t",
  shape: [1, 2, 2] as const,
  classes: ["a", "b"],
  train: split([0, 1]),
  scale: 255,
  source: "here",
};

test("digits: 1438 and 359 images of ten classes, in balance, always the same", async () => {
  const { train, test: held, classes, shape, checksum, normalisation } = await loadDigits();
  expect([train.labels.length, held.labels.length, classes.length, ...shape]).toEqual([1438, 359, 10, 1, 8, 8]);
  expect(byClass(held.labels, classes).every(({ length }) => length >= 35 && length <= 37)).toBe(true);
  expect(Math.max(...train.images)).toBe(16);
  expect(normalisation.scale).toBe(16);
  expect(checksum).toBe((await loadDigits({ normalisation: "none" })).checksum);
  // first image of the source file, a zero
  expect([...train.images.subarray(0, 16)]).toEqual([0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0]);
});

test("class indices: ascending, complete", () => {
  expect(byClass(Int32Array.of(2, 0, 2, 1, 0), 4)).toEqual([
    Uint32Array.of(1, 4),
    Uint32Array.of(3),
    Uint32Array.of(0, 2),
    Uint32Array.of(),
  ]);
});

test("the checksum sees every pixel, label and split, and nothing else", async () => {
  const base = await makeDataset(raw);
  const changed = split([0, 1]);
  changed.images[7] = 1;
  const sums = await Promise.all([
    makeDataset({ ...raw, train: changed }),
    makeDataset({ ...raw, train: split([1, 0]) }),
    makeDataset({ ...raw, test: split([0]) }),
    makeDataset({ ...raw, shape: [1, 4, 1] }),
  ]);
  expect(new Set([base, ...sums].map(({ checksum }) => checksum)).size).toBe(5);
  expect((await makeDataset({ ...raw, name: "other", source: "there" }, "none")).checksum).toBe(base.checksum);
});

test.each([
  ["one class", { classes: ["a"], train: split([0, 0]) }, 'here: found one class only ("a").'],
  ["a label out of range", { train: split([0, 2]) }, "here: training label 1 is 2, out of range 0 to 1."],
  ["a negative test label", { test: split([-1]) }, "here: test label 0 is -1, out of range 0 to 1."],
  ["an empty class", { train: split([0, 0]) }, 'here: class "b" has no training image.'],
  ["counts that differ", { train: split([0, 1], new Uint8Array(12)) }, "here: 2 training labels for 3 images."],
  [
    "NaN",
    { train: split([0, 1], Float32Array.of(0, 0, 0, 0, 0, Number.NaN, 0, 0)) },
    "here: training image 1 holds a value that is not finite: NaN, at place 1 of [1,2,2].",
  ],
  ["no pixels", { shape: [1, 0, 2] as const }, "here: images of size [1,0,2] hold no pixel."],
])("refuses %s", async (_what, change, message) => {
  await expect(makeDataset({ ...raw, ...change })).rejects.toMatchObject({ name: "AttarError", message, exitCode: 2 });
});

test("a constant channel does not divide by zero", async () => {
  expect((await makeDataset(raw)).normalisation.std).toEqual([1]);
});
