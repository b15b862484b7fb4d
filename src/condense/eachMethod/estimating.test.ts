import { describe, expect, test } from "vitest";
import { tinyDataset } from "../../../test/fixtures/tinyDataset.ts";
import { convnet } from "../../hypotheses/index.ts";
import { isBilevel, isMatch, type Method, methods } from "../../methods/index.ts";
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
