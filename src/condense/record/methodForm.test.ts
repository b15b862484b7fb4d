import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { namedDataset } from "../../../test/fixtures/namedDataset.ts";
import { AttarError } from "../../engine/index.ts";
import { dm, type Method, methods, mtt, type Solve, type Term } from "../../methods/index.ts";
import { resolveConfiguration } from "../configuration.ts";
import { methodFrom, methodSchema } from "./methodForm.ts";

const written = (method: object): unknown => JSON.parse(JSON.stringify(method));

describe.each(methods.map((method): [string, Method] => [method.name, method]))("%s", (_, method) => {
  test("read back from its record is the same method with the same configurations", () => {
    const read = methodFrom(written(method));
    expect(read).toEqual(written(method));
    for (const dataset of ["mnist", "cifar-10"] as const)
      for (const ipc of [1, 10]) {
        const configuration = (of: Method) => resolveConfiguration(namedDataset(dataset), of, { ipc });
        expect(configuration(read)).toEqual(configuration(method));
      }
  });

  test("fulfils the JSON Schema", () => {
    expect(schema.safeParse(written(method)).error).toBeUndefined();
  });
});

const schema = z.fromJSONSchema(methodSchema() as Parameters<typeof z.fromJSONSchema>[0]);

const least = {
  name: "mine",
  title: "My method",
  citation: { authors: "A. Person", year: 2025, title: "A title", venue: "arXiv" },
  objective: dm.objective,
  recipe: [{ when: {}, set: { steps: 3, realBatch: 4, imageLearningRate: 1, imageMomentum: 0.5 }, source: "mine" }],
};

test("what a record leaves out is usual", () => {
  const method = methodFrom(least);
  expect(method).toMatchObject({
    synthetic: { name: "pixels" },
    initialisation: { name: "random" },
    hypotheses: { name: "fresh" },
    augmentation: "none",
    tricks: [],
  });
  const { steps, terms, record } = resolveConfiguration(namedDataset("mnist"), method, { record: method });
  expect([steps, terms.length, record]).toEqual([3, 1, method]);
  const coreset = methodFrom({ ...least, objective: { none: true }, initialisation: { name: "herding" } });
  expect(resolveConfiguration(namedDataset("mnist"), coreset).selection).toEqual({
    name: "herding",
    options: { encoder: "none" },
  });
});

const term = { view: { name: "embedding" }, discrepancy: { name: "mean-difference" } };
const matching = (changed: object) => ({ ...least, objective: { match: [{ ...term, ...changed }] } });

test.each([
  ["no object", [], "the record: it takes an object", "objects are written"],
  [
    "a misspelt field",
    { ...least, objectiv: 1 },
    'the record: there is no field "objectiv"',
    'did you mean "objective"?',
  ],
  ["a missing field", { ...least, citation: undefined, objective: undefined }, "citation: it takes an object", ""],
  ["a bad name", { ...least, name: "../x" }, "name: it takes letters", ""],
  ["no objective", { ...least, objective: {} }, "objective: it has none of match, solve, none", "one of them"],
  ["two objectives", { ...least, objective: { match: [], none: true } }, "objective: it has several", ""],
  [
    "a misspelt view",
    matching({ view: { name: "embeding" } }),
    'objective.match[0].view.name: there is no view named "embeding"',
    'did you mean "embedding"?',
  ],
  [
    "an option that there is not",
    matching({ view: { name: "layers", options: { layrs: 1 } } }),
    'objective.match[0].view.options: the view layers has no option "layrs"',
    "",
  ],
  [
    "an option out of range",
    { ...least, synthetic: { name: "pixels", options: { factor: 0 } } },
    "synthetic.options.factor: it takes a whole number from 1 to 16, got 0",
    "for example 1",
  ],
  [
    "an option of another type",
    { ...least, labels: { learned: 3 } },
    "labels.learned: it takes true or false, got 3",
    "",
  ],
  [
    "a view and a discrepancy that do not fit",
    matching({ view: { name: "loss-gradient" }, discrepancy: { name: "moments" } }),
    "objective.match[0]: the view loss-gradient yields a gradient, which the discrepancy",
    "use one of mean-difference",
  ],
  [
    "a solver and a criterion that do not fit",
    { ...least, objective: { solve: { name: "kernel-ridge" }, criterion: { name: "parameter-distance" } } },
    "objective: the criterion parameter-distance reads parameters",
    "",
  ],
  [
    "a distance to a target from hypotheses without one",
    { ...least, objective: { solve: { name: "unrolled" }, criterion: { name: "parameter-distance" } } },
    "hypotheses: the criterion parameter-distance holds parameters against a target, which hypotheses fresh do not have",
    'declare "hypotheses": { "name": "experts" }',
  ],
  [
    "a row without steps",
    { ...least, recipe: [{ when: {}, set: { realBatch: 1 }, source: "" }] },
    'recipe[0].set: it has no "steps"',
    "",
  ],
  [
    "a row with a strange path",
    { ...least, recipe: [{ ...least.recipe[0], set: { ...least.recipe[0]!.set, "hypothesis.every": 1 } }] },
    'recipe[0].set: there is no field "hypothesis.every"',
    "",
  ],
  [
    "a trick that there is not",
    { ...least, tricks: [{ name: "kmean" }] },
    "tricks[0].name: there is no trick",
    'did you mean "kmeans"?',
  ],
])("%s is refused, and the field named", (_, record, message, hint) => {
  let error: unknown;
  try {
    methodFrom(record);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(AttarError);
  expect(error).toMatchObject({ code: "bad-method", exitCode: 2, hint: expect.stringContaining(hint) });
  expect((error as AttarError).message).toMatch(message);
});

test("pairs that the types refuse are refused in a record", () => {
  // @ts-expect-error A gradient has no moments of samples.
  const term: Term = { view: { name: "loss-gradient" }, discrepancy: { name: "moments" } };
  // @ts-expect-error A predictor has no parameters.
  const solve: Solve = { solve: { name: "kernel-ridge" }, criterion: { name: "parameter-distance" } };
  for (const objective of [{ match: [term] }, solve])
    expect(() => methodFrom(written({ ...least, objective }))).toThrow("objective");
});

/** Every place in a value, as keys to it. */
const placesOf = (value: unknown): (string | number)[][] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, own]) => [[key], ...placesOf(own).map((rest) => [key, ...rest])])
    : [];

/** A copy with another value at a place, or none. */
function changed(value: unknown, [key, ...rest]: readonly (string | number)[], to: unknown): unknown {
  if (key === undefined) return to;
  const entries = Object.entries(value as object).map(([k, own]) => [k, k === key ? changed(own, rest, to) : own]);
  return Array.isArray(value) ? entries.map(([, own]) => own) : Object.fromEntries(entries);
}

test("whatever stands in a record, it is a method that JSON holds, or refused with a reason", () => {
  const record = written(mtt);
  const places = placesOf(record);
  const odd = fc.oneof(fc.jsonValue(), fc.constantFrom("pixels", "unrolled", 1e300, -1, [], {}, null, "__proto__"));
  fc.assert(
    fc.property(fc.constantFrom(...places), odd, (place, value) => {
      try {
        const method = methodFrom(changed(record, place, value));
        expect(written(method)).toEqual(method);
      } catch (error) {
        expect(error).toMatchObject({ code: "bad-method", exitCode: 2, hint: expect.stringMatching(/./) });
      }
    }),
    { numRuns: 300 },
  );
});
