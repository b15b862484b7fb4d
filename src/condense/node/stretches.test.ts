import { describe, expect, test } from "vitest";
import { earlierStretches } from "./stretches.ts";

const on = (device: string) => ({
  versions: { attar: "1", node: "v20", onnxruntime: "1" },
  device,
  cores: 2,
  executor: "onnxruntime-node",
});

describe("stretches of a run on other machines", () => {
  test("a run that stays where it was owes nothing to others", () => {
    expect(earlierStretches(on("a"), on("a"), 7)).toEqual([]);
  });

  test("each move adds the machine that was left", () => {
    const first = earlierStretches(on("a"), on("b"), 7);
    expect(first).toEqual([{ ...on("a"), until: 7 }]);
    const second = earlierStretches({ ...on("b"), earlier: first }, on("a"), 9);
    expect(second).toEqual([...first, { ...on("b"), until: 9 }]);
    expect(earlierStretches({ ...on("a"), earlier: second }, on("a"), 12)).toEqual(second);
  });

  test("steps that are taken again belong to who takes them", () => {
    const before = { ...on("b"), earlier: [{ ...on("a"), until: 7 }] };
    expect(earlierStretches(before, on("c"), 5)).toEqual([{ ...on("a"), until: 5 }]);
    expect(earlierStretches(before, on("b"), 7)).toEqual([{ ...on("a"), until: 7 }]);
    expect(earlierStretches(before, on("a"), 5)).toEqual([]);
    expect(earlierStretches(before, on("c"), 0)).toEqual([]);
  });
});
