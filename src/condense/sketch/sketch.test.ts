import { describe, expect, test } from "vitest";
import { cheapRun } from "../../../test/fixtures/cheapRun.ts";
import { tinyDataset } from "../../../test/fixtures/tinyDataset.ts";
import { convnet } from "../../hypotheses/index.ts";
import { dm, dpCfm, dpDm, dpMerf, type Method, psg } from "../../methods/index.ts";
import { condense, type RunOptions } from "../condense.ts";
import type { CondenseOptions } from "../configuration.ts";
import { drawSketch } from "./drawSketch.ts";
import { optionsFrom, type Sketch } from "./sketch.ts";
import { encodeSketch, parseSketch } from "./sketchFile.ts";

const data = await tinyDataset();

function sketchOf(method: Method, more: CondenseOptions = {}): Promise<Sketch> {
  const { ipc, network, realBatch: _, settings, noiseKey } = cheapRun(method);
  return drawSketch(data, method, { ipc, network, settings, noiseKey, steps: 3, ...more });
}

async function imagesOf(dataset: typeof data, method: Method, options: RunOptions) {
  for await (const event of condense(dataset, method, options)) if (event.event === "done") return event.set.images;
  throw new Error("the run ended without a set");
}

const from = (sketch: Sketch, options: CondenseOptions) =>
  imagesOf(sketch.dataset, sketch.method, { ...optionsFrom(sketch, options), sketch });

test.each([dpDm, dpCfm, dpMerf].map((method) => [method.name, method] as const))(
  "%s from a sketch, written and read, is to the bit the run that has T and the same noise",
  async (_, method) => {
    const releases = method === dpMerf ? 1 : 3;
    const written = await encodeSketch(await sketchOf(method, { steps: releases }));
    const sketch = await parseSketch(written, "the sketch");
    const { realBatch: _r, checkpointEvery: _c, ...run } = cheapRun(method);
    const settings = { ...run.settings, "privacy.releases": releases };
    const direct = await imagesOf(data, method, { ...run, steps: 7, settings });
    expect(await from(sketch, { steps: 7 })).toEqual(direct);
    // Another size of S, other steps: no T is needed.
    expect(await from(sketch, { steps: 2, ipc: 1 })).toHaveLength(3 * 64);
  },
);

test("a sketch has no sample, and the claim of all its releases", async () => {
  const { dataset, claim, releases } = await sketchOf(dpDm);
  expect(dataset.train.images).toHaveLength(0);
  expect(dataset.train.labels).toHaveLength(36);
  expect(dataset.checksum).not.toBe(data.checksum);
  expect(claim.releases).toMatchObject([{ what: "noised sums of embedding", steps: 3 }]);
  expect(claim.epsilon).toBeLessThanOrEqual(1);
  expect(claim.against).toEqual(["mean and deviation of its features were computed from T without noise"]);
  expect(releases.shape.slice(0, 2)).toEqual([3, 3]);
});

describe("is refused:", () => {
  test.each([
    [dm, "dm keeps no privacy"],
    [psg, "psg looks through networks that train on S, and a sketch is drawn before there is one"],
  ] as const)("a sketch of $name", async (method, message) => {
    await expect(sketchOf(method)).rejects.toThrow(message);
  });

  test("a run that looks at S otherwise than T was looked at", async () => {
    const sketch = await sketchOf(dpDm);
    expect(() => optionsFrom(sketch, { network: convnet({ depth: 1, width: 4 }) })).toThrow(
      "network of a run from a sketch is the sketch's",
    );
    expect(() => optionsFrom(sketch, { seed: 3 })).toThrow("seed of a run from a sketch is the sketch's");
    await expect(from(sketch, { steps: 1, settings: { "hypotheses.every": 3 } })).rejects.toThrow(
      "the source of hypotheses of this run is another one than the sketch's noised sums were drawn with",
    );
    await expect(from(sketch, { steps: 1, initialisation: "random" })).rejects.toMatchObject({ code: "not-in-sketch" });
  });

  test("a file that was changed, and a claim of less than its noise costs", async () => {
    const sketch = await sketchOf(dpDm);
    const bytes = await encodeSketch(sketch);
    const last = bytes.length - 1;
    bytes[last] = bytes[last]! ^ 1;
    await expect(parseSketch(bytes, "it")).rejects.toThrow("its releases have changed since they were written");
    const less = await encodeSketch({ ...sketch, claim: { ...sketch.claim, epsilon: 0.5 } });
    await expect(parseSketch(less, "it")).rejects.toMatchObject({ code: "claim-refuted", exitCode: 1 });
    await expect(parseSketch(new Uint8Array(8), "it")).rejects.toMatchObject({ code: "bad-data" });
  });
});
