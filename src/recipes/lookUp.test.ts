import { expect, test } from "vitest";
import { knownDatasets } from "../data/knownDatasets.ts";
import { isCoreset, methods } from "../methods/index.ts";
import { applyingRow, isApplying, nearestRow, type Traits, traitsOf, traitsText, whenText } from "./lookUp.ts";
import type { When } from "./row.ts";

const grey: Traits = { channels: 1, side: 28, classes: 10, ipc: 10 };
const row = (when: When) => ({ when });

test("traits are the dataset's name, channels, the longer side, classes and images per class", () => {
  const [digits] = knownDatasets;
  expect(traitsOf({ known: "digits", domain: digits!.domain, classes: digits!.classes }, 3)).toEqual({
    dataset: "digits",
    channels: 1,
    side: 8,
    classes: 10,
    ipc: 3,
  });
  const domain = { ...digits!.domain, shape: [3, 20, 40] };
  expect(traitsText(traitsOf({ domain, classes: ["a", "b"] }, 1))).toBe("40x40x3, 2 classes, ipc 1");
});

test.each<[string, When, boolean]>([
  ["no condition", {}, true],
  ["the same traits", { channels: 1, side: 28, classes: 10, ipc: [10, 49] }, true],
  ["one image per class number", { ipc: 10 }, true],
  ["fewer images", { ipc: [1, 9] }, false],
  ["more images", { ipc: 50 }, false],
  ["another side", { side: 32 }, false],
  ["more classes", { classes: 100 }, false],
  ["a dataset, where the run has none", { dataset: ["mnist"] }, false],
])("a row with %s applies or not", (_, when, applies) => {
  expect(isApplying(when, grey)).toBe(applies);
});

test("a row that names datasets applies to these", () => {
  const when = { dataset: ["mnist", "svhn"] };
  expect(["mnist", "svhn", "cifar-10"].map((dataset) => isApplying(when, { ...grey, dataset }))).toEqual([
    true,
    true,
    false,
  ]);
});

test.each<[string, readonly When[], Partial<Traits>, number]>([
  [
    "the channels before the side",
    [
      { channels: 1, side: 32 },
      { channels: 3, side: 8 },
    ],
    { channels: 3, side: 32 },
    1,
  ],
  ["the side by its ratio", [{ side: 8 }, { side: 32 }], { side: 15 }, 0],
  ["the side by its ratio, upwards", [{ side: 8 }, { side: 32 }], { side: 17 }, 1],
  [
    "the classes before the images",
    [
      { classes: 10, ipc: 1 },
      { classes: 100, ipc: 10 },
    ],
    { classes: 10 },
    0,
  ],
  ["the range that images fall in", [{ ipc: [1, 9] }, { ipc: [10, 49] }, { ipc: [50, 99] }], { ipc: 49 }, 1],
  ["the range that images are nearest to", [{ ipc: [1, 9] }, { ipc: [100, 200] }], { ipc: 20 }, 0],
  ["beyond all ranges, the last", [{ ipc: [1, 9] }, { ipc: [10, 49] }], { ipc: 5000 }, 1],
  ["the dataset's own row before one of its traits", [{ side: 28 }, { dataset: ["mnist"] }], { dataset: "mnist" }, 1],
  ["a row of its traits before another dataset's", [{ dataset: ["svhn"], side: 28 }, { side: 8 }], {}, 1],
  ["another dataset's row, where there are no others", [{ dataset: ["svhn"] }], {}, 0],
  ["of two alike, the first", [{ side: 28 }, { side: 28 }], {}, 0],
])("the nearest row: %s", (_, conditions, traits, index) => {
  const rows = conditions.map(row);
  expect(nearestRow(rows, { ...grey, ...traits })).toBe(rows[index]);
});

test("two rows that apply are refused, and no row is none", () => {
  const rows = [row({ side: 28 }), row({ classes: 10, ipc: [1, 10] })];
  expect(() => applyingRow("mine", rows, grey)).toThrow(
    "two rows of mine's recipe apply to 28x28x1, 10 classes, ipc 10: 28x28x? and 10 classes, ipc 1-10",
  );
  expect(applyingRow("mine", rows, { ...grey, ipc: 11 })).toBe(rows[0]);
  expect(applyingRow("mine", [row({ side: 8 })], grey)).toBeUndefined();
  expect(nearestRow([], grey)).toBeUndefined();
});

test("a condition in words", () => {
  expect(whenText({ dataset: ["mnist", "svhn"], channels: 1, side: 28, classes: 10, ipc: [1, 9] })).toBe(
    "mnist/svhn, 28x28x1, 10 classes, ipc 1-9",
  );
  expect(whenText({ channels: 4 })).toBe("4 channels");
  expect(whenText({})).toBe("any dataset");
});

const moved = methods.filter((method) => !isCoreset(method));

test.each(moved.map((method) => [method.name, method] as const))("%s: one row of either recipe", (name, method) => {
  for (const known of knownDatasets)
    for (const ipc of [1, 2, 9, 10, 49, 50, 1000, 1001, 6000]) {
      const run = traitsOf({ ...known, known: known.name }, ipc);
      expect(() => applyingRow(name, method.recipe, run)).not.toThrow();
      const laptop = method.laptop!.filter(({ when }) => isApplying(when, run));
      // A row that names the dataset stands before the row of its traits.
      expect(laptop.filter(({ when }) => when.dataset).length).toBeLessThanOrEqual(1);
      expect(laptop.filter(({ when }) => !when.dataset).length).toBeLessThanOrEqual(1);
    }
});

test.each(moved.map((method) => [method.name, method] as const))(
  "%s: grey images of 28 x 28 have MNIST's laptop row",
  (_, { laptop }) => {
    for (const ipc of [1, 10, 50])
      expect(nearestRow(laptop!, { ...grey, ipc })).toBe(nearestRow(laptop!, { ...grey, dataset: "mnist", ipc }));
  },
);
