import { expect, test } from "vitest";
import type { Bound, Measurement, Value } from "../measure/index.ts";
import { measurementTables } from "./measureTable.ts";

const value = (own: Partial<Value>): Value => ({ value: 0.5, stderr: 0, estimator: "exact", seconds: 1, ...own });

const found = (own: Partial<Measurement>): Measurement => ({
  a: "one",
  b: "other",
  perClass: false,
  values: {},
  bounds: [],
  skipped: {},
  failed: {},
  references: [],
  interrupted: false,
  ...own,
});

/** Cells of the row that begins with a name. */
const row = (text: string, name: string) =>
  text
    .split("\n")
    .find((line) => line.startsWith(`${name} `))!
    .split(/ {2,}/);

test("bounds are printed as such, and an error that is not known is no error of zero", () => {
  const unknown = Number.NaN;
  const text = measurementTables(
    found({
      values: {
        plain: value({}),
        drawn: value({ stderr: 0.0123 }),
        single: value({ stderr: unknown }),
        searched: value({ stderr: unknown, bound: "lower" }),
        sampled: value({ stderr: 0.02, bound: "lower" }),
        covered: value({ stderr: unknown, bound: "upper" }),
      },
    }),
  );
  const cells = (name: string) => row(text, name).slice(1, -2);
  expect(cells("plain")).toEqual(["0.5000"]);
  expect(cells("drawn")).toEqual(["0.5000", "± 0.012"]);
  expect(cells("single")).toEqual(["0.5000", "± ?"]);
  expect(cells("searched")).toEqual([">= 0.5000"]);
  expect(cells("sampled")).toEqual([">= 0.5000", "± 0.02"]);
  expect(cells("covered")).toEqual(["<= 0.5000"]);
});

test("bounds say so for every class and every reference as well", () => {
  const lower = value({ stderr: Number.NaN, bound: "lower" });
  const text = measurementTables(
    found({
      perClass: true,
      values: { searched: { ...lower, classes: { cat: lower } } },
      references: [{ name: "another sample of one", noise: 0, values: { searched: { ...lower, value: 0.25 } } }],
    }),
  );
  expect(row(text, "searched").slice(1, 3)).toEqual([">= 0.5000", ">= 0.2500"]);
  expect(row(text, "cat").slice(1)).toEqual([">= 0.5000"]);
});

test("an inequality says what it rests on, and one that fails what that means", () => {
  const inequality = (name: string, basis: Bound["basis"], holds: boolean): Bound => ({
    inequality: name,
    left: holds ? 1 : 3,
    right: 2,
    holds,
    basis,
  });
  const text = measurementTables(
    found({
      bounds: [
        inequality("same", "construction", true),
        inequality("wrong", "construction", false),
        inequality("proven", "theorem", true),
        inequality("broken", "theorem", false),
        inequality("estimated", "held-out", true),
        inequality("small", "held-out", false),
      ],
    }),
  );
  expect(["same", "wrong", "proven", "broken", "estimated", "small"].map((name) => row(text, name).at(-1))).toEqual([
    "by construction",
    "NO",
    "yes",
    "NO",
    "yes, constant from held-out draws",
    "no: the constant from held-out draws is too small",
  ]);
});
