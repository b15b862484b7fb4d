import { expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { resolveOptions, tensor } from "../engine/index.ts";
import { labelOptions, labelsOf } from "./labels.ts";

const dataset = await tinyDataset({ classes: 2 });
const made = (given: object) => labelsOf(resolveOptions("the labels", labelOptions, given as never), dataset, 2);
const values = tensor(Float32Array.of(0.5, -0.25, 2, 1, -3, 0, 0, 4), [4, 2]);

test("labels start one-hot, class by class, or centred, times their scale", () => {
  expect([...made({}).initial().data]).toEqual([1, 0, 1, 0, 0, 1, 0, 1]);
  expect([...made({ form: "centred", scale: 2 }).initial().data]).toEqual([1, -1, 1, -1, -1, 1, -1, 1]);
});

test("centred labels are published as they are, to regress on; others as probabilities or weights", () => {
  const centred = made({ form: "centred", learned: true });
  expect([centred.published(values), centred.loss]).toEqual([values, "squared-error"]);
  const plain = made({ learned: true, scale: 2 });
  expect([[...plain.published(values).data], plain.loss]).toEqual([[0.25, 0, 1, 0.5, 0, 0, 0, 2], "cross-entropy"]);
  const softmax = made({ form: "softmax", learned: true });
  const rows = softmax.published(values).data;
  expect(rows[2]! / rows[3]!).toBeCloseTo(Math.E, 5);
  for (const i of [0, 2, 4, 6]) expect(rows[i]! + rows[i + 1]!).toBeCloseTo(1, 6);
  expect(softmax.loss).toBe("cross-entropy");
});

test("positive labels are kept from falling below 0 after a step", () => {
  expect([...made({ positive: true }).settle(values).data]).toEqual([0.5, 0, 2, 1, 0, 0, 0, 4]);
  expect(made({}).settle(values)).toBe(values);
});
