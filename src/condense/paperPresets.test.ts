import { describe, expect, test } from "vitest";
import { published, unpublished } from "../../test/fixtures/authors/index.ts";
import { namedDataset } from "../../test/fixtures/namedDataset.ts";
import { isCoreset, methodNamed, methods } from "../methods/index.ts";
import { labelsOf } from "../synthetic/labels.ts";
import { type Configuration, resolveConfiguration } from "./configuration.ts";
import { smallClassNotes } from "./notes.ts";

/** The value at a path: "solver.steps", "terms.0.weight", "tricks.kmeans.every"; options of a part come without the word. */
function at(configuration: Configuration, path: string): unknown {
  return path.split(".").reduce<unknown>((value, word) => {
    if (Array.isArray(value) && !/^\d+$/.test(word)) return value.find(({ name }) => name === word);
    const { [word]: own, options } = value as Record<string, unknown>;
    return own === undefined ? (options as Record<string, unknown> | undefined)?.[word] : own;
  }, configuration);
}

describe("the paper preset has the authors' values", () => {
  const cases = published.flatMap(({ method, on, ipc, settings }) =>
    on.flatMap((dataset) => ipc.map((size) => [method, dataset, size, settings] as const)),
  );
  test.each(cases)("%s on %s at %i images per class", (method, dataset, ipc, settings) => {
    const configuration = resolveConfiguration(namedDataset(dataset), methodNamed(method), { ipc, preset: "paper" });
    for (const [path, wanted] of Object.entries(settings)) {
      const value = at(configuration, path);
      // Rates that were computed carry the rounding of binary fractions.
      if (typeof wanted === "number")
        expect(Number(value) / wanted || Number(value), path).toBeCloseTo(wanted && 1, 12);
      else expect(value, path).toBe(wanted);
    }
  });
});

test("every method stands in the authors' table, or says why there is none", () => {
  for (const method of methods) {
    if (isCoreset(method)) continue;
    const rows = published.filter((row) => row.method === method.name);
    const reason = unpublished[method.name];
    expect(rows.length > 0, method.name).toBe(reason === undefined);
    if (reason) expect(method.departures.join(" "), method.name).toMatch(reason);
  }
});

test("a real batch that authors fix whatever the number of classes is shared out over them", () => {
  const each = (classes: number, options: { realBatch?: number } = {}) =>
    resolveConfiguration(namedDataset("cifar-10", classes), methodNamed("frepo"), {
      ipc: 1,
      preset: "paper",
      ...options,
    }).realBatch;
  expect([2, 10, 20, 100, 2000].map((classes) => each(classes))).toEqual([512, 102, 51, 10, 1]);
  expect(each(20, { realBatch: 7 })).toBe(7);
  // A share is no batch that small classes have cut down.
  const many = namedDataset("cifar-100");
  expect(smallClassNotes(many, methodNamed("frepo"), { ipc: 1, preset: "paper" })).toEqual([]);
  for (const method of methods)
    for (const { set } of [...method.recipe, ...(method.laptop ?? [])]) {
      const { realImages, realBatch } = set;
      if (realImages !== undefined) expect(realBatch, method.name).toBe(Math.floor(Number(realImages) / 10));
    }
});

test("FRePo's labels start at (one-hot - 1/C) / sqrt(C/10)", () => {
  const labels = (classes: number) => {
    const dataset = namedDataset("cifar-10", classes);
    const { labels } = resolveConfiguration(dataset, methodNamed("frepo"), { ipc: 1, preset: "paper" });
    return [...labelsOf(labels!, dataset, 1).initial().data.subarray(0, 2)];
  };
  expect(labels(10)).toEqual([0.9, -0.1].map(Math.fround));
  const [own, other] = labels(100);
  expect(own).toBeCloseTo(0.99 / Math.sqrt(10), 7);
  expect(other).toBeCloseTo(-0.01 / Math.sqrt(10), 7);
});
