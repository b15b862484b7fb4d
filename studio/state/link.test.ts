import { expect, test } from "vitest";
import { linked, linkOf } from "./link.ts";

test("a link holds what is asked for, and gives it back", () => {
  const asked = {
    data: "mnist",
    method: "m3d",
    ipc: 10,
    seed: 3,
    steps: 200,
    network: "convnet:width=32,depth=2",
    settings: { "discrepancy.kernel": "ntk", "hypotheses.every": 5, "tricks.partition": true },
    parts: { discrepancy: "mmd", tricks: "" },
  };
  expect(linked(`#${linkOf(asked)}`)).toEqual({ asked, unknown: [] });
  expect(linked("")).toEqual({ asked: {}, unknown: [] });
});

test("what a link cannot mean is named, and the rest holds", () => {
  expect(linked("#method=dm&ipc=0&steps=x&seed=-1&colour=red&set=novalue")).toEqual({
    asked: { method: "dm" },
    unknown: ["ipc=0", "steps=x", "seed=-1", "colour=red", "set=novalue"],
  });
});
