import { expect, test } from "vitest";
import { AttarError } from "./errors.ts";
import { choice, flag, integer, number, type Resolved, resolveOptions } from "./options.ts";
import { registry } from "./registry.ts";

const rules = {
  steps: integer(3, 1, undefined, "steps of it"),
  share: number(0.5, 0, 1),
  word: choice("long", ["long", "short"]),
  on: flag(false),
};
const parts = registry("thing", {
  walk: { title: "a walk", options: rules },
  rest: { title: "a rest", options: {} },
});

const failure = (run: () => unknown): AttarError => {
  try {
    run();
  } catch (error) {
    if (error instanceof AttarError) return error;
  }
  throw new Error("it did not fail as expected");
};

test("a part is found by its name, and by nothing else", () => {
  expect(parts.named("walk").title).toBe("a walk");
  expect(parts.names).toEqual(["walk", "rest"]);
  expect(parts.has("walk")).toBe(true);
  for (const name of ["toString", "__proto__", "constructor", ""]) {
    expect(parts.has(name)).toBe(false);
    expect(failure(() => parts.named(name)).code).toBe("unknown-thing");
  }
});

test("an unknown name is answered with the nearest one, or with all of them", () => {
  const near = failure(() => parts.named("walks"));
  expect([near.code, near.message, near.hint, near.exitCode]).toEqual([
    "unknown-thing",
    'there is no thing named "walks"',
    'did you mean "walk"?',
    2,
  ]);
  expect(failure(() => parts.named("zzzzzz")).hint).toBe("use one of walk, rest");
  expect(failure(() => parts.named("zzzzzz", ["sleep"])).hint).toBe("use one of walk, rest, sleep");
});

test("a registry's own words replace the usual ones", () => {
  const own = registry("thing", parts.parts, {
    code: "no-such-thing",
    sentence: (name) => `nothing is called ${name}`,
    hint: (near, known) => `${near ?? "-"} of ${known.join("/")}`,
    beside: ["stay"],
  });
  const { code, message, hint } = failure(() => own.named("wlak"));
  expect([code, message, hint]).toEqual(["no-such-thing", "nothing is called wlak", "walk of stay/walk/rest"]);
});

test("options are described as JSON Schema and as rows for people", () => {
  expect(parts.schema("walk")).toEqual({
    type: "object",
    additionalProperties: false,
    properties: {
      steps: { type: "integer", minimum: 1, description: "steps of it", default: 3 },
      share: { type: "number", minimum: 0, maximum: 1, default: 0.5 },
      word: { type: "string", enum: ["long", "short"], default: "long" },
      on: { type: "boolean", default: false },
    },
  });
  expect(parts.schema("rest").properties).toEqual({});
  expect(parts.rows()).toEqual([
    ["walk.steps", "a whole number from 1", "3", "steps of it"],
    ["walk.share", "a number from 0 to 1", "0.5", ""],
    ["walk.word", "one of long, short", "long", ""],
    ["walk.on", "true or false", "false", ""],
  ]);
});

test("values have the types of their rules, words of a choice among them", () => {
  const values: Resolved<typeof rules> = resolveOptions("thing", rules, { steps: "4", on: "true" });
  const word: "long" | "short" = values.word;
  const [steps, share, on]: [number, number, boolean] = [values.steps, values.share, values.on];
  expect([word, steps, share, on]).toEqual(["long", 4, 0.5, true]);
  // @ts-expect-error: a word of a choice is no number
  const wrong: number = values.word;
  expect(wrong).toBe("long");
});
