import { expect, test } from "vitest";
import { contrast, relativeDifference } from "../../test/extending/contrast.ts";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { condense, methodFrom, methodSchema } from "../condense/index.ts";
import { discrepancies, measurables } from "../discrepancies/registry.ts";
import { AttarError } from "../engine/index.ts";
import { architectureRegistry, networkIdentity, parseNetwork } from "../hypotheses/index.ts";
import { viewRegistry } from "../views/index.ts";
import { activation, declareArchitecture, flatten, integer, linear, measured, register, sequential } from "./index.ts";

const shallow = declareArchitecture({
  name: "shallow",
  title: "one hidden layer",
  options: { width: integer(8, 1, 64) },
  body: ({ width }) => sequential(flatten, linear("hidden", width), activation("relu")),
});

const centres = {
  title: "distance of first points",
  formula: "",
  reference: "",
  options: {},
  measured: measured({
    labelAware: false,
    needsImages: false,
    options: {},
    measure: async () => ({ value: 2, stderr: 0, estimator: "exact" }),
  }),
};

const record = {
  name: "mine",
  title: "Mine",
  citation: { authors: "A. Person", year: 2025, title: "A title", venue: "none" },
  objective: { match: [{ view: { name: "contrast" }, discrepancy: { name: "relative-difference" } }] },
  recipe: [{ when: {}, set: { steps: 2, realBatch: 4, imageLearningRate: 1, imageMomentum: 0 }, source: "" }],
};

test("registered parts are found by name until they are taken out", async () => {
  expect(() => methodFrom(record)).toThrow('there is no view named "contrast"');
  const before = [viewRegistry.names, discrepancies.names, architectureRegistry.names, measurables].map(
    (l) => l.length,
  );
  const takeOut = register(
    {
      views: { contrast },
      discrepancies: { "relative-difference": relativeDifference, centres },
      networks: { shallow },
    },
    "a digest",
  );
  try {
    const method = methodFrom(record);
    const losses: number[] = [];
    const options = { ipc: 1, record: method, network: parseNetwork("shallow:width=4") };
    for await (const event of condense(await tinyDataset(), method, options))
      if (event.event === "step") losses.push(event.loss);
    expect(losses).toHaveLength(2);
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(JSON.stringify(methodSchema())).toContain('"relative-difference"');
    expect(networkIdentity(parseNetwork("shallow"))).toEqual({ network: "shallow", content: "a digest" });
    expect(networkIdentity(parseNetwork("convnet"))).toEqual({ network: "convnet" });
    expect(measurables.map(({ name }) => name)).toContain("centres");
  } finally {
    takeOut();
  }
  const after = [viewRegistry.names, discrepancies.names, architectureRegistry.names, measurables].map((l) => l.length);
  expect(after).toEqual(before);
  expect(() => methodFrom(record)).toThrow('there is no view named "contrast"');
});

const refusal = (parts: object): AttarError => {
  try {
    register(parts)();
  } catch (error) {
    if (error instanceof AttarError) return error;
  }
  throw new Error("it was registered");
};

test.each([
  ["an unknown kind", { vews: {} }, 'there is no kind of part "vews"', 'did you mean "views"?'],
  ["a name that is taken", { views: { embedding: contrast } }, 'there is a view named "embedding" already', ""],
  ["a name with capitals", { views: { Mine: contrast } }, 'a view cannot be named "Mine"', ""],
  ["a part without its function", { views: { mine: { title: "t" } } }, "views.mine has no function make", ""],
  ["a part without a title", { tricks: { mine: { make() {} } } }, "tricks.mine has no title", ""],
  ["an option without a rule", { views: { mine: { ...contrast, options: { a: {} } } } }, "options.a is no rule", ""],
  ["a discrepancy without a face", { discrepancies: { mine: { title: "t" } } }, "mine has no face", ""],
])("%s is refused", (_, parts, message, hint) => {
  const error = refusal(parts);
  expect(error.exitCode).toBe(2);
  expect(error.message).toContain(message);
  expect(error.hint).toContain(hint);
});

test("where one part is refused, none is registered", () => {
  refusal({ views: { contrast }, networks: { shallow: { title: "no body" } } });
  expect(viewRegistry.has("contrast")).toBe(false);
});
