import { expect, test } from "vitest";
import { parseStudy } from "./parseStudy.ts";
import { studyJsonSchema } from "./schema.ts";

const least = { name: "s", methods: ["dm"], datasets: ["digits"], ipc: [1] };

test("what a study leaves out has its default", () => {
  expect(parseStudy(least, "s.json")).toEqual({
    ...least,
    seeds: [0],
    protocols: [{ name: "field", repeats: 5, seed: 0 }],
    objectives: ["accuracy"],
    preset: "laptop",
    reference: false,
    tiers: {},
    exclude: [],
  });
});

test.each([
  [{ ...least, method: ["dm"] }, 's.json: unknown key "method"', 'did you mean "methods"?'],
  [
    { ...least, methods: [{ name: "dm", steps: 3 }] },
    's.json: unknown key "steps" in methods[0]',
    "keys: name, file, record, import, layout, as, preset, set, claimed",
  ],
  [
    { ...least, protocols: [{ adversarial: "l3,0.1" }] },
    's.json: protocols[0].adversarial must be norm and radius in pixels, such as linf,0.1 with steps and step after them, got "l3,0.1"',
    undefined,
  ],
  [
    { ...least, protocols: [{ sampling: "frsh" }] },
    's.json: protocols[0].sampling must be a protocol of sampling: bank, fresh, styles:standardised=true, teacher:epochs=3 …, got "frsh"',
    undefined,
  ],
  [{ ...least, protocols: [{ epoch: 3 }] }, 's.json: unknown key "epoch" in protocols[0]', 'did you mean "epochs"?'],
  [
    { ...least, datasets: [{ name: "d", reading: { labl: "y" } }] },
    's.json: unknown key "labl" in datasets[0].reading',
    'did you mean "label"?',
  ],
  [
    { ...least, tiers: { smoke: { method: ["dm"] } } },
    's.json: unknown key "method" in tiers.smoke',
    'did you mean "methods"?',
  ],
  [{ ...least, ipc: [0] }, "s.json: ipc[0] must be at least 1, got 0", undefined],
  [{ ...least, ipc: [1.5] }, "s.json: ipc[0] must be a whole number, got 1.5", undefined],
  [{ ...least, ipc: [] }, "s.json: ipc must name at least one, got []", undefined],
  [{ ...least, methods: [5] }, "s.json: methods[0] must be a method's name or an object, got 5", undefined],
  [{ ...least, methods: [{ name: 5 }] }, "s.json: methods[0].name must be text, got 5", undefined],
  [
    { ...least, methods: [{ name: "dm", set: { steps: null } }] },
    "s.json: methods[0].set.steps must be a number, text, true or false, got null",
    undefined,
  ],
  [{ methods: ["dm"], datasets: ["digits"], ipc: [1] }, "s.json: name is missing", undefined],
  [{ ...least, name: "a/b" }, 's.json: name takes letters, digits and any of . _ = + : , -, got "a/b"', undefined],
  [{ ...least, preset: "fast" }, 's.json: preset must be laptop or paper, got "fast"', undefined],
  [
    { ...least, methods: [{ name: "dm", claimed: { accuracy: 48.9, source: "x" } }] },
    "s.json: methods[0].claimed.accuracy is a fraction from 0 to 1, got 48.9",
    undefined,
  ],
])("%j", (value, message, hint) => {
  let thrown: unknown;
  try {
    parseStudy(value, "s.json");
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: "bad-study", exitCode: 2, message, ...(hint && { hint }) });
});

test("the JSON Schema asks for what a file must have, and for no more", () => {
  const { required, properties, additionalProperties } = studyJsonSchema() as Record<string, object>;
  expect(required).toEqual(["name", "methods", "datasets", "ipc"]);
  expect(additionalProperties).toBe(false);
  expect(Object.keys(properties!)).toContain("protocols");
});
