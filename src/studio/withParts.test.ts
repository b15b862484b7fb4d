import { expect, test } from "vitest";
import { dm, frepo, methodNamed } from "../methods/index.ts";
import { withParts } from "./withParts.ts";

test("no part exchanged is the method itself", () => {
  expect(withParts(dm, {})).toBe(dm);
});

test("a part is exchanged with its options, the others stay", () => {
  const changed = withParts(dm, { discrepancy: "mmd" });
  expect(changed).toMatchObject({ name: "dm-changed", synthetic: dm.synthetic, hypotheses: dm.hypotheses });
  expect(changed.objective).toEqual({
    match: [{ ...("match" in dm.objective && dm.objective.match[0]), discrepancy: { name: "mmd" } }],
  });
  expect(withParts(frepo, { criterion: "regression-loss" }).objective).toMatchObject({
    criterion: { name: "regression-loss" },
  });
});

test("tricks are a list, in which those of the method keep their options", () => {
  const m3d = methodNamed("dream");
  const own = m3d.tricks[0]!;
  expect(withParts(m3d, { tricks: `${own.name},inter` }).tricks).toEqual([own, { name: "inter" }]);
  expect(withParts(m3d, { tricks: "" }).tricks).toEqual([]);
});

test("what does not go together is refused", () => {
  expect(() => withParts(dm, { discrepancy: "gradient-layerwise" })).toThrow(/gradient-layerwise/);
  expect(() => withParts(dm, { synthetic: "nowhere" })).toThrow(/nowhere/);
});
