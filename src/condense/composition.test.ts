import { describe, expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import type { AttarError, OptionValue } from "../engine/index.ts";
import { convnet } from "../hypotheses/index.ts";
import { type MatchMethod, methods } from "../methods/index.ts";
import { tricks } from "../tricks/index.ts";
import { condense } from "./condense.ts";

/** A run whose objective does not change from step to step: all real images, one network, no augmentation, small steps. */
async function losses(method: MatchMethod, settings: Record<string, OptionValue>): Promise<number[]> {
  const still: Record<string, OptionValue> = { "hypotheses.every": 100, ...settings };
  if (["alternating", "expert-subspace"].includes(method.hypotheses.name))
    Object.assign(still, { "hypotheses.learningRate": 1e-12, "hypotheses.epochs": 1, "hypotheses.augmented": false });
  const found: number[] = [];
  const options = { ipc: 2, steps: 6, realBatch: 12, augmentation: "none", initialisation: "noise" };
  const network = convnet({ depth: 2, width: 4, activation: "swish" });
  const rate = method.presets.laptop.imageLearningRate / 20;
  for await (const event of condense(await tinyDataset(), method, {
    ...options,
    network,
    imageLearningRate: rate,
    settings: still,
  }))
    if (event.event === "step") found.push(event.loss);
  return found;
}

const matching = methods.filter((m): m is MatchMethod => m.loop === "match");
const settings: readonly [string, Record<string, OptionValue>][] = [
  ["nothing", {}],
  ["multi-formation", { "synthetic.factor": 2 }],
  ...Object.keys(tricks).map((name): [string, Record<string, OptionValue>] => [name, { [`tricks.${name}`]: true }]),
];

describe.each(matching.map((m) => [m.name, m] as const))("%s with", (_, method) => {
  test.each(settings)("%s: the loss is finite and falls, or the reason is given", async (name, own) => {
    let found: number[];
    try {
      found = await losses(method, own);
    } catch (error) {
      expect(error).toMatchObject({ code: "bad-combination", exitCode: 2 });
      expect((error as AttarError).message).toContain("makes no sense");
      return;
    }
    expect(found.every(Number.isFinite)).toBe(true);
    // A partition visits another class in every step: steps over the same classes are compared.
    expect(found[name === "partition" ? 3 : 5]!).toBeLessThan(found[0]!);
  });
});
