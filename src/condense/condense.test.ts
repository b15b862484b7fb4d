import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { parseCondensed } from "../data/condensedSet.ts";
import type { Dataset, Split } from "../data/dataset.ts";
import { encodeCondensed } from "../data/index.ts";
import { AttarError, tensor } from "../engine/index.ts";
import { convnet } from "../hypotheses/index.ts";
import { dm, herding, type Method } from "../methods/index.ts";
import { condense, type RunOptions } from "./condense.ts";
import { guardAfter, guardLoss, guardOf, guardVariables } from "./divergence.ts";
import { estimate } from "./estimate.ts";
import type { CondenseEvent } from "./events.ts";
import type { State } from "./state.ts";

const network = convnet({ depth: 2, width: 4 });
const small: RunOptions = { ipc: 2, steps: 6, realBatch: 7, network, checkpointEvery: 1 };

async function run(dataset: Dataset, options: Partial<RunOptions> = {}, method: Method = dm): Promise<CondenseEvent[]> {
  const events: CondenseEvent[] = [];
  for await (const event of condense(dataset, method, { ...small, ...options })) events.push(event);
  return events;
}
const resultOf = (events: CondenseEvent[]) => {
  const last = events.at(-1)!;
  if (last.event !== "done") throw new Error(`ended with ${last.event}`);
  return last.set;
};
const statesOf = (events: CondenseEvent[]): State[] =>
  events.flatMap((e) => (e.event === "checkpoint" ? [e.state] : []));
const refusal = async (promise: Promise<unknown>): Promise<AttarError> => {
  const error = await promise.then(
    () => undefined,
    (e) => e,
  );
  expect(error).toBeInstanceOf(AttarError);
  return error;
};

describe("a matching run", () => {
  test("starts, steps, snapshots and ends with a set that can be written and read", async () => {
    const data = await tinyDataset();
    const events = await run(data, { snapshotEvery: 2 });
    expect(events[0]).toMatchObject({ event: "start", step: 0 });
    expect(events.filter((e) => e.event === "step").map((e) => e.step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(events.filter((e) => e.event === "snapshot").map((e) => e.step)).toEqual([2, 4]);
    const set = resultOf(events);
    expect(set).toMatchObject({ method: "dm", ipc: 2, dataset: "tiny", datasetChecksum: data.checksum });
    expect(parseCondensed(encodeCondensed(set), "memory")).toEqual(set);
  });

  test("yields frames where they are asked for, of the set before the first step, too, and makes the same set", async () => {
    const data = await tinyDataset();
    const events = await run(data, { frameEvery: 0 });
    const frames = events.flatMap((e) => (e.event === "frame" ? [e] : []));
    expect(frames.map((e) => e.step)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(frames[5]!.set.images).not.toEqual(frames[0]!.set.images);
    expect(encodeCondensed(resultOf(events))).toEqual(encodeCondensed(resultOf(await run(data))));
    expect((await run(data, { frameEvery: 3_600_000 })).filter((e) => e.event === "frame")).toHaveLength(1);
    expect((await run(data)).filter((e) => e.event === "frame")).toHaveLength(0);
    expect(await refusal(run(data, { frameEvery: -1 }))).toMatchObject({ code: "bad-option" });
  });

  test("continued from any checkpoint ends in the same bytes", async () => {
    const data = await tinyDataset();
    const whole = await run(data);
    const states = statesOf(whole);
    const wanted = encodeCondensed(resultOf(whole));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: states.length - 1 }), async (k) => {
        const resumed = await run(data, { state: states[k] });
        expect(encodeCondensed(resultOf(resumed))).toEqual(wanted);
        expect(statesOf(resumed).at(-1) ?? states.at(-1)).toEqual(states.at(-1));
      }),
      { numRuns: 7 },
    );
  });

  test("aborted anywhere hands out its state and says how to go on", async () => {
    const data = await tinyDataset();
    const wanted = encodeCondensed(resultOf(await run(data)));
    for (const stop of [0, 3, 5]) {
      const abort = new AbortController();
      let kept: State | undefined;
      if (stop === 0) abort.abort();
      const error = await refusal(
        (async () => {
          for await (const e of condense(data, dm, { ...small, checkpointEvery: 100, signal: abort.signal })) {
            if (e.event === "step" && e.step === stop) abort.abort();
            if (e.event === "checkpoint") kept = e.state;
          }
        })(),
      );
      expect(error).toMatchObject({ code: "interrupted", exitCode: 4, hint: expect.stringContaining("--resume") });
      expect(kept?.step).toBe(stop);
      expect(encodeCondensed(resultOf(await run(data, { state: kept })))).toEqual(wanted);
    }
  });

  test("brings the loss down, and differs with the seed only", async () => {
    const data = await tinyDataset();
    const options = { steps: 40, initialisation: "noise", augmentation: "none", imageLearningRate: 5 };
    const losses = (await run(data, options)).flatMap((e) => (e.event === "step" ? [e.loss] : []));
    const mean = (part: number[]) => part.reduce((a, b) => a + b) / part.length;
    expect(mean(losses.slice(-8))).toBeLessThan(0.7 * mean(losses.slice(0, 8)));
    const [a, b, c] = await Promise.all([0, 0, 1].map(async (seed) => resultOf(await run(data, { seed })).images));
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  test.each(["random", "noise", "kmeans-centres"])("starts from %s", async (initialisation) => {
    const set = resultOf(await run(await tinyDataset(), { steps: 1, initialisation }));
    expect(set.images.every(Number.isFinite)).toBe(true);
  });
});

describe("divergence", () => {
  test.each([1e38, 1e12])(
    "with learning rate %d stops with exit code 3 and keeps the last good state",
    async (rate) => {
      let kept: State | undefined;
      const error = await refusal(
        (async () => {
          const options = { ...small, steps: 50, imageLearningRate: rate, augmentation: "none" };
          for await (const e of condense(await tinyDataset(), dm, {
            ...options,
            network: convnet({ depth: 2, width: 4, normalisation: "none" }),
          }))
            if (e.event === "checkpoint") kept = e.state;
        })(),
      );
      expect(error).toMatchObject({ code: "diverged", exitCode: 3 });
      for (const { data } of Object.values(kept!.slots).flatMap((slot) => Object.values(slot)))
        expect(data.every(Number.isFinite)).toBe(true);
    },
  );

  test("is found where pixels explode and a normalising network keeps the loss flat", async () => {
    let kept: State | undefined;
    const error = await refusal(
      (async () => {
        const wild = { ...small, steps: 50, imageLearningRate: 1e30 };
        for await (const e of condense(await tinyDataset(), dm, wild)) if (e.event === "checkpoint") kept = e.state;
      })(),
    );
    expect(error).toMatchObject({ code: "diverged", exitCode: 3, message: expect.stringContaining("a pixel grew to") });
    expect(kept!.step).toBe(0);
  });

  test("is a loss that is no number or ten thousand times the early ones, also after resuming", () => {
    const start = guardOf({});
    const guard = guardAfter(guardAfter(guardAfter(start, 0, 1), 1, 0.5), 10, 7);
    expect(() => guardLoss(9999, 11, guard)).not.toThrow();
    expect(() => guardLoss(5, 0, start)).not.toThrow();
    for (const loss of [Number.NaN, Number.POSITIVE_INFINITY, 10001])
      expect(() => guardLoss(loss, 11, guard)).toThrow("the run diverged");
  });

  test("is a variable that grows to ten thousand times its own spread, whatever the others' is", () => {
    const of = (images: number, rates: number) => ({
      images: tensor(Float32Array.of(-images, images), [2]),
      rates: tensor(Float32Array.of(0, rates), [2]),
    });
    const guard = guardOf(of(1, 0.01));
    expect(() => guardVariables(of(19_000, 90), guard, 3)).not.toThrow();
    expect(() => guardVariables(of(21_000, 0.01), guard, 3)).toThrow("a pixel grew to");
    expect(() => guardVariables(of(1, 110), guard, 3)).toThrow('a value of "rates" grew to 110 at step 4');
    expect(() => guardVariables(of(Number.NaN, 0), guard, 3)).toThrow("not finite");
  });
});

describe("wrong options are refused before anything runs", () => {
  test.each([
    ["ipc 0", { ipc: 0 }, "ipc must be a whole number of at least 1, got 0"],
    ["negative ipc", { ipc: -1 }, "got -1"],
    ["a fraction", { ipc: 1.5 }, "got 1.5"],
    ["no steps", { steps: 0 }, "steps must be"],
    ["a negative seed", { seed: -1 }, "seed must be"],
    ["an unknown preset", { preset: "desktop" as never }, 'unknown preset "desktop"'],
    ["a negative learning rate", { imageLearningRate: -1 }, "imageLearningRate must be"],
    ["NaN", { imageMomentum: Number.NaN }, "imageMomentum must be"],
    ["an unknown initialisation", { initialisation: "reel" }, 'unknown initialisation "reel"'],
    ["an unknown augmentation", { augmentation: "crop_blur" }, '"blur"'],
    ["an unknown network", { network: { name: "convnt", options: {} } }, 'no network "convnt"'],
    ["a network too deep", { network: convnet({ depth: 9 }) }, "does not admit 8x8"],
    ["batch normalisation", { network: convnet({ depth: 2, width: 4, normalisation: "batch" }) }, "over the batch"],
    ["no checkpoints", { checkpointEvery: 0 }, "checkpointEvery must be"],
  ])("%s", async (_, options: Partial<RunOptions>, message) => {
    const error = await refusal(run(await tinyDataset(), options));
    expect(error.message).toContain(message);
    expect(error.exitCode).toBe(2);
    expect(error.hint).not.toBe("");
  });

  test("a dataset with one class, or with an empty one", async () => {
    const data = await tinyDataset();
    const only = (split: Split) => ({ ...split, labels: new Int32Array(split.labels.length) });
    const one = { ...data, classes: ["only"], train: only(data.train), test: only(data.test) };
    expect((await refusal(run(one))).code).toBe("one-class");
    const gap = { ...data, classes: [...data.classes, "nothing"] };
    expect((await refusal(run(gap))).message).toContain('class "nothing" of tiny has no training image');
  });
});

test("a real batch larger than the smallest class is cut to it", async () => {
  const [start] = await run(await tinyDataset(), { realBatch: 500, steps: 1 });
  expect(start).toMatchObject({ configuration: { realBatch: 12 } });
});

test("a coreset is a run without steps, made of real images", async () => {
  const data = await tinyDataset();
  const events = await run(data, {}, herding);
  expect(events.map((e) => e.event)).toEqual(["start", "checkpoint", "done"]);
  expect(resultOf(events)).toMatchObject({ method: "herding", ipc: 2 });
});

test("the loops know methods by their parts, not by their names", async () => {
  const data = await tinyDataset();
  const renamed = await run(data, {}, { ...dm, name: "renamed" });
  expect(resultOf(renamed).images).toEqual(resultOf(await run(data)).images);
  const [term] = dm.objective.match;
  const odd = (changed: object): Method => ({ ...dm, objective: { match: [{ ...term!, ...changed } as never] } });
  const code = async (method: Method) => (await refusal(run(data, {}, method))).code;
  expect(await code(odd({ discrepancy: { name: "nothing" } }))).toBe("unknown-discrepancy");
  expect(await code(odd({ view: { name: "nothing" } }))).toBe("unknown-view");
  expect(await code(odd({ discrepancy: { name: "gradient-layerwise" } }))).toBe("bad-combination");
});

test("an estimate counts multiply-adds", async () => {
  const cost = await estimate(await tinyDataset(), dm, small);
  // conv1 1→4 on 8x8: the covariance of its 9 inputs over 64 pixels, the kernels by it, and they with an offset by the pixels;
  // conv2 4→4 on 4x4. Back, conv1's last product and the covariance have two operands each that depend on the image. The
  // sums of the real images are of 16 features for each of 3 classes.
  const [covariance, variance, product, conv2] = [9 * 9 * 64, 4 * 9 * 9, 4 * 10 * 64, 9 * 4 * 4 * 16];
  const pass = covariance + variance + product + conv2;
  const back = 2 * covariance + variance + 2 * product + conv2;
  expect(cost.flopsPerStep).toBe(2 * (21 * (pass + 3 * 16) + 6 * (pass + back)));
});
