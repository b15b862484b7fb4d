import { describe, expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { convnet } from "../hypotheses/index.ts";
import { dm, herding } from "../methods/index.ts";
import { type Budget, fit, fitToBudget, narrower } from "./budget.ts";
import { condense } from "./condense.ts";
import { resolveConfiguration } from "./configuration.ts";

describe("settings that fit a budget", () => {
  const budget: Budget = {
    seconds: 1000,
    cost: { perClass: 0.01, perImage: 0.001 },
    classes: 10,
    steps: 400,
    realBatch: 64,
    imageBytes: 4 * 28 * 28,
    divisible: true,
  };

  test("the recipe's batch and all classes where its steps fit, and as many steps as do", () => {
    // A step costs 10 (0.01 + 64 · 0.001) = 0.74 s: 1351 of them fit.
    expect(fit(budget)).toEqual({ steps: 1351, realBatch: 64 });
  });

  test("fewer images a visit before fewer visits", () => {
    // 400 steps of 0.74 s take 296 s, at 32 images 168 s, at 16 images 104 s.
    expect(fit({ ...budget, seconds: 200 })).toEqual({ steps: 476, realBatch: 32 });
    // At the least batch of 8, 0.18 s a step, 111 fit into 20 s.
    expect(fit({ ...budget, seconds: 20 })).toEqual({ steps: 111, realBatch: 8 });
    expect(fit({ ...budget, seconds: 20, realBatch: 5 }).realBatch).toBe(5);
  });

  test("as many classes a step as leave a hundred steps", () => {
    // 200 classes at 8 images and 0.018 s each: 3.6 s for all of them; 100 steps in 60 s are 33 classes of 0.594 s.
    expect(fit({ ...budget, classes: 200, seconds: 60 })).toEqual({ steps: 101, realBatch: 8, classes: 33 });
    expect(fit({ ...budget, classes: 200, seconds: 60, divisible: false })).toEqual({ steps: 16, realBatch: 8 });
  });

  test("as many classes a step as memory holds, at least one", () => {
    const large = { ...budget, imageBytes: 2 ** 24, seconds: 1e4, steps: 1 };
    // 64 images of 16 MiB are a gibibyte: a class a step even so.
    expect(fit(large).classes).toBe(1);
    expect(fit({ ...large, realBatch: 8 }).classes).toBe(4);
  });
});

describe("the network within a budget", () => {
  const at = (steps: number, classes: number | undefined, width = 128) =>
    narrower({ fitted: { steps, realBatch: 8, classes }, network: convnet({ width }) }, 200);

  test.each([
    ["of enough visits stays", at(100, 40), undefined],
    ["is half as wide where that does", at(100, 20), 64],
    ["is a quarter where it takes that", at(100, 5), 32],
    ["is never narrower than 32", at(100, 1), 32],
    ["that is as narrow stays", at(100, 1, 32), undefined],
    ["that sees all classes a step is judged by the steps", at(10, undefined), 64],
  ])("%s", (_, found, expected) => expect(found).toBe(expected));
});

describe("a budget of seconds", () => {
  const network = convnet({ depth: 2, width: 4 });

  test("gives options that resolve, with what was asked for left alone", async () => {
    const data = await tinyDataset();
    const { options, fitted } = await fitToBudget(data, dm, { seconds: 20, ipc: 1, network, realBatch: 4, seed: 3 });
    expect(resolveConfiguration(data, dm, options)).toMatchObject({ realBatch: 4, seed: 3, steps: fitted.steps });
    expect(fitted.steps).toBeGreaterThan(1);
  });

  test("is refused beside steps, for a subset, and where it has passed before the first step", async () => {
    const data = await tinyDataset();
    await expect(fitToBudget(data, dm, { seconds: 20, steps: 3 })).rejects.toMatchObject({ code: "bad-option" });
    await expect(fitToBudget(data, herding, { seconds: 20 })).rejects.toThrow("herding takes no steps");
    await expect(fitToBudget(data, dm, { seconds: 1e-3, ipc: 1, network })).rejects.toThrow(/has passed before/);
  });

  test("ends a run in time, after one step at least, with a checkpoint and its set", async () => {
    const events = [];
    for await (const event of condense(await tinyDataset(), dm, { ipc: 1, network, steps: 1e6, timeLimit: 0 }))
      events.push(event);
    expect(events.map(({ event }) => event)).toEqual(["start", "checkpoint", "step", "checkpoint", "done"]);
    expect(events.at(-1)).toMatchObject({ step: 1 });
  });
});
