import { describe, expect, test } from "vitest";
import { tinyDataset } from "../../../test/fixtures/tinyDataset.ts";
import { normalise } from "../../data/normalise.ts";
import type { Measurement, Reference, Value } from "../measurement.ts";
import { picture } from "./picture.ts";
import { strip } from "./thumbnails.ts";
import { verdict } from "./verdict.ts";

const value = (v: number, stderr = 0): Value => ({ value: v, stderr, estimator: "exact", seconds: 0 });
const reference = (noise: number, v: number): Reference => ({ name: "", noise, values: { mmd: value(v, 0.01) } });
const ladder = [reference(0, 0.1), reference(0.25, 0.2), reference(0.5, 0.4), reference(1, 0.8)];

const dataset = await tinyDataset();
const side = (name: string) => ({
  name,
  points: normalise(dataset, "train"),
  labels: dataset.train.labels,
  classes: dataset.classes,
});
const found = (over: Partial<Measurement> = {}): Measurement => ({
  a: "one",
  b: "<other>",
  perClass: false,
  values: { mmd: value(0.3, 0.02), "test-loss": value(0.5) },
  bounds: [],
  skipped: {},
  failed: {},
  references: ladder,
  interrupted: false,
  ...over,
});
const sides = { a: side("one"), b: side("<other>"), normalisation: dataset.normalisation };

describe("a distance in words", () => {
  test.each([
    [value(0.05), "like another sample"],
    [value(0.12), "like another sample"],
    [value(0.16, 0.03), "like another sample"],
    [value(0.16), "below noise 0.25"],
    [value(0.3), "noise 0.25 to 0.5"],
    [value(0.9), "beyond noise 1"],
  ])("%o", (distance, words) => expect(verdict(distance, "mmd", ladder)).toBe(words));
  test("without references there are none", () => expect(verdict(value(1), "mmd", [])).toBe(""));
  test("noise that does not take A farther tells nothing", () => {
    const odd = [reference(0, 0.1), reference(0.25, 0.8), reference(0.5, 0.4)];
    expect(verdict(value(0.5), "mmd", odd)).toBe("noise does not tell");
  });
});

test("the largest mark of a row lies at the end of its lane, the others in proportion", () => {
  const svg = picture(found(), sides);
  const marks = [...svg.matchAll(/<line x1="([\d.]+)" x2="[\d.]+" y1="[\d.-]+" y2="[\d.]+" class="noise"/g)];
  const [quarter, half, one] = marks.slice(-3).map(([, x]) => Number(x)) as [number, number, number];
  const dot = Number(
    /<circle cx="([\d.]+)" cy="0" r="5.5" class="dot"\/><text/.exec(svg.slice(svg.indexOf(">mmd<")))![1],
  );
  expect((one - half) / (half - quarter)).toBeCloseTo(2, 3);
  expect((dot - quarter) / (half - quarter)).toBeCloseTo(0.5, 3);
});

test("names are escaped, and the picture says what is missing and what does not hold", () => {
  const bounds = [{ inequality: "GD <= 2·D", left: 2, right: 1, holds: false, basis: "construction" as const }];
  const svg = picture(found({ bounds, skipped: { gradient: "why" }, interrupted: true }), sides);
  expect(svg).not.toContain("<other>");
  expect(svg).toContain("How far is &lt;other&gt; from one?");
  for (const text of ["1 of 1 inequalities do not hold: GD &lt;= 2·D.", "Not here: gradient.", "Stopped before"])
    expect(svg).toContain(text);
});

test("a strip shows images of different classes, and there is none of codes", () => {
  const shown = strip(sides.a, dataset.normalisation, { count: 3 })!;
  expect([shown.width, shown.height]).toEqual([3 * 8 + 2 * 2, 8]);
  expect(shown.uri).toMatch(/^data:image\/png;base64,iVBOR/);
  const codes = { ...sides.a, points: sides.a.points.reshape([36, 64]) };
  expect(strip(codes, dataset.normalisation, { count: 3 })).toBeUndefined();
  expect(picture(found(), { a: codes, b: codes })).not.toContain("<image");
});
