import { expect, test } from "vitest";
import { sources } from "../data/index.ts";
import { describe as described, methodNamed, methods } from "./index.ts";

test.each(methods.map((m) => [m.name, m] as const))("%s is a plain record with a full description", (_, method) => {
  expect(JSON.parse(JSON.stringify(method))).toEqual(method);
  const description = described(method);
  expect(Object.keys(description)).toEqual([
    "name",
    "title",
    "citation",
    "discrepancy",
    "matchingSpace",
    "optimizedSpace",
    "hypotheses",
    "tricks",
    "formula",
  ]);
  for (const value of Object.values(description)) if (typeof value === "string") expect(value).not.toBe("");
});

test("names are unique and found again", () => {
  expect(new Set(methods.map((m) => m.name)).size).toBe(methods.length);
  for (const m of methods) expect(methodNamed(m.name)).toBe(m);
  expect(() => methodNamed("dmm")).toThrow('unknown method "dmm"');
});

test.each(methods.map((m) => [m.name, m] as const))("%s has recipes for data sets that there are", (_, method) => {
  for (const { when } of [...method.recipe, ...(method.laptop ?? [])])
    for (const name of when.dataset ?? []) expect(["digits", ...Object.keys(sources)]).toContain(name);
});
