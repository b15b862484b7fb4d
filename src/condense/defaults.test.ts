import { expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { convnet } from "../hypotheses/index.ts";
import { dm, random } from "../methods/index.ts";
import { condense } from "./condense.ts";
import { resolveConfiguration } from "./configuration.ts";
import { estimate } from "./estimate.ts";

test("without options a set has ten images a class", async () => {
  const data = await tinyDataset();
  const events = [];
  for await (const event of condense(data, random)) events.push(event);
  expect(events.at(-1)).toMatchObject({ event: "done", set: { ipc: 10 } });
  expect(resolveConfiguration(data, dm)).toEqual(resolveConfiguration(data, dm, { ipc: 10, seed: 0 }));
});

test("an estimate of a run that diverges says that it would, and of nothing that is kept", async () => {
  const options = { ipc: 1, network: convnet({ depth: 1, width: 2 }), imageLearningRate: 1e300, measure: true };
  const failed = estimate(await tinyDataset(), dm, { ...options, steps: 50, realBatch: 4 });
  await expect(failed).rejects.toMatchObject({
    code: "diverged",
    exitCode: 3,
    message: expect.stringMatching(/ at step \d+: the run would diverge$/),
  });
});
