import { describe, expect, test } from "vitest";
import { tinyDataset } from "../../../test/fixtures/tinyDataset.ts";
import { loadDigits } from "../../data/digits.ts";
import { convnet } from "../../hypotheses/index.ts";
import { isBilevel, isMatch, type Method, methodNamed, methods } from "../../methods/index.ts";
import { estimate } from "../estimate.ts";

const options = { ipc: 2, steps: 5, realBatch: 7, network: convnet({ depth: 2, width: 4 }), checkpointEvery: 1 };

/** The first method of each kind of step: what is timed depends on nothing else of a method. */
const timed = [isMatch, isBilevel].map((kind) => methods.find(kind)!);

describe.each(methods.map((method): [string, Method] => [method.name, method]))("%s", (_, method) => {
  test("is estimated without running", async () => {
    const cost = await estimate(await tinyDataset(), method, options);
    const space = method.synthetic.name;
    const images = 6 * 64 * 4;
    if (space === "channel-formation") expect(cost.syntheticBytes).toBe(images + 6 * 3 * (1 + 1) * 4);
    else if (space === "pixels") expect(cost.syntheticBytes).toBe(images);
    // Bases stand for as many images as there are hallucinators, which are stored beside them.
    else if (space === "hallucinated") expect(cost.syntheticBytes).toBeLessThanOrEqual(3 * images);
    else expect(cost.syntheticBytes).toBeLessThanOrEqual(images);
    expect(cost.measuredSeconds).toBeUndefined();
  });

  test.runIf(timed.includes(method))("is timed where that is asked for", async () => {
    const cost = await estimate(await tinyDataset(), method, { ...options, measure: true });
    expect(cost.measuredSecondsPerStep).toBeGreaterThan(0);
    expect(cost.measuredSeconds).toBe(5 * cost.measuredSecondsPerStep!);
  });
});

test("of a private run whose releases come again the steps that have theirs are timed as such", async () => {
  const digits = await loadDigits();
  const perStep = async (releases: number) => {
    const settings = { "privacy.sampling": "all", "privacy.releases": releases };
    const asked = { ...options, ipc: 1, steps: 200, settings, measure: true };
    return (await estimate(digits, methodNamed("dp-dm"), asked)).measuredSecondsPerStep!;
  };
  // A release reads all 1,438 samples; what is left of a step sees ten images.
  expect(await perStep(2)).toBeLessThan(0.5 * (await perStep(0)));
});
