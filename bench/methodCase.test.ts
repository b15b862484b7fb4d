import { expect, test } from "vitest";
import { condense } from "../src/condense/index.ts";
import { buildNetwork, convnet } from "../src/hypotheses/index.ts";
import { methodNamed, methods } from "../src/methods/index.ts";
import { caseNamed, sizedCases } from "./cases/index.ts";
import { loopText } from "./loopOverhead.ts";
import { noiseDataset } from "./noiseDataset.ts";

const network = buildNetwork(convnet({ width: 4, depth: 1 }), [1, 28, 28], 10);

test.each([
  ["kip-step", { ipc: 10 }],
  ["dm-step", { ipc: 10, augmentation: "none" }],
])("%s is the second step of a condensation", async (name, options) => {
  const prepared = await caseNamed(name).body.prepare(network);
  const { loss, synthetic } = await prepared.run();
  const method = methodNamed(name.replace("-step", ""));
  const dataset = await noiseDataset(network);
  for await (const event of condense(dataset, method, { ...options, network: network.spec, checkpointEvery: 2 })) {
    if (event.event === "step" && event.step === 2) expect(loss!.item()).toBe(Math.fround(event.loss));
    if (event.event !== "checkpoint" || event.step !== 2) continue;
    expect(synthetic!.data).toEqual(event.state.slots.variables.images!.data);
    break;
  }
  expect.assertions(2);
});

test("the peer is given what the step reads and where it starts from", async () => {
  const { tensors, run } = await caseNamed("kip-step").body.prepare(network);
  expect(tensors.images!.shape).toEqual([1000, 1, 28, 28]);
  expect([...tensors.realLabels!.data.slice(98, 102)]).toEqual([0, 0, 1, 1]);
  expect(tensors["settings.momentum"]!.item()).toBeCloseTo(0.9, 6);
  // The step before it moved S, and left means of its gradient.
  expect(tensors["first.synthetic"]!.data.some((v) => v !== 0)).toBe(true);
  const start = tensors.synthetic!.data.slice();
  const { synthetic } = await run();
  expect(synthetic!.data).not.toEqual(start);
  expect(tensors.synthetic!.data).toEqual(start);
});

test("cases that are named after a method are its own steps, and no other case is", () => {
  const named = sizedCases.filter(({ name }) => methods.some((m) => name.startsWith(`${m.name}-`)));
  expect(named.map(({ name }) => name)).toEqual(
    ["", "-cifar"].flatMap((size) => ["dm", "dc", "idc", "kip", "bptt", "mtt"].map((m) => `${m}-step${size}`)),
  );
});

test("what the loop adds is the step less its evaluation", () => {
  const lines = loopText({ step: [5, 4, 3], evaluate: [2, 3, 4] }).split("\n");
  expect(lines.at(-1)).toMatch(/the loop beside it +1\.00 ms, 25\.0 % of a step$/);
});
