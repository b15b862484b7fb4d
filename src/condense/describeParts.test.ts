import { describe, expect, test } from "vitest";
import { methods } from "../methods/index.ts";
import { describeParts } from "./describeParts.ts";
import { settingHeads } from "./settingHeads.ts";

const parts = describeParts();
const namesOf = (head: string) => parts.find((p) => p.head === head)!.parts.map(({ name }) => name);

describe("the description of parts", () => {
  test("is plain data", () => {
    expect(JSON.parse(JSON.stringify(parts))).toEqual(parts);
  });

  test("has heads by which options are set, each once", () => {
    const heads = parts.map(({ head }) => head);
    expect(new Set(heads).size).toBe(heads.length);
    for (const head of heads) expect(settingHeads).toContain(head);
  });

  test.each(methods.map((method) => [method.name, method] as const))("holds the parts of %s", (_, method) => {
    const { objective } = method;
    expect(namesOf("synthetic")).toContain(method.synthetic.name);
    expect(namesOf("initialisation")).toContain(method.initialisation.name);
    if ("match" in objective)
      for (const { view, discrepancy } of objective.match) {
        expect(namesOf("view")).toContain(view.name);
        const found = parts.find(({ head }) => head === "discrepancy")!.parts.find((p) => p.name === discrepancy.name);
        expect(found).toMatchObject({ minimised: true });
      }
    if ("solve" in objective) {
      expect(namesOf("solver")).toContain(objective.solve.name);
      expect(namesOf("criterion")).toContain(objective.criterion.name);
    }
    if (!("none" in objective)) {
      expect(namesOf("hypotheses")).toContain(method.hypotheses.name);
      for (const { name } of method.tricks) expect(namesOf("tricks")).toContain(name);
    }
  });

  test("has an option's bounds, default and meaning", () => {
    const { options } = parts.find(({ head }) => head === "network")!.parts.find(({ name }) => name === "convnet")!;
    expect(options.properties.width).toMatchObject({ type: "integer", minimum: 1, default: expect.any(Number) });
  });
});
