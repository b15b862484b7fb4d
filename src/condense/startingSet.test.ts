import { describe, expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import type { CondensedSet, Dataset } from "../data/dataset.ts";
import { readerOf } from "../data/reader.ts";
import { convnet } from "../hypotheses/index.ts";
import { dm, herding, idc, type Method } from "../methods/index.ts";
import { condense } from "./condense.ts";
import { type CondenseOptions, resolveConfiguration } from "./configuration.ts";
import { Loop } from "./loop.ts";

const network = convnet({ depth: 2, width: 4 });

async function condensed(dataset: Dataset, method: Method, options: CondenseOptions): Promise<CondensedSet> {
  for await (const event of condense(dataset, method, { network, realBatch: 4, steps: 2, ...options }))
    if (event.event === "done") return event.set;
  throw new Error("the run ended without a set");
}

/** The images that a run starts from, class-major. */
async function startOf(dataset: Dataset, method: Method, options: CondenseOptions): Promise<Float32Array> {
  const configuration = resolveConfiguration(dataset, method, { network, realBatch: 4, steps: 2, ...options });
  const loop = new Loop(readerOf(dataset), configuration, undefined, options.start);
  try {
    const { slots } = await loop.start();
    return (await loop.trainingSet(slots.variables)).images.data as Float32Array;
  } finally {
    loop.dispose();
  }
}

describe("a run from a condensed set", () => {
  test("has its images at the classes of their names, and starts others as without it", async () => {
    const [few, many] = [await tinyDataset(), await tinyDataset({ classes: 4 })];
    const set = await condensed(few, dm, { ipc: 1 });
    // Another order of the old classes, a new one between them.
    const grown = { ...many, normalisation: few.normalisation, classes: ["class 2", "new", "class 0", "class 1"] };
    const [from, plain] = [await startOf(grown, dm, { ipc: 2, start: set }), await startOf(grown, dm, { ipc: 2 })];
    const image = (all: Float32Array, row: number) => [...all.subarray(64 * row, 64 * (row + 1))];
    for (const [c, old] of [
      [0, 2],
      [2, 0],
      [3, 1],
    ] as const) {
      image(from, 2 * c).forEach((value, i) => {
        expect(value).toBeCloseTo(image(set.images, old)[i]!, 4);
      });
      expect(image(from, 2 * c + 1)).toEqual(image(plain, 2 * c + 1));
    }
    expect(image(from, 2)).toEqual(image(plain, 2));
    expect(image(from, 0)).not.toEqual(image(plain, 0));
  });

  test("of several small images in one has them all", async () => {
    const data = await tinyDataset();
    const set = await condensed(data, idc, { ipc: 1 });
    const from = await startOf(data, idc, { ipc: 1, seed: 5, start: set });
    // They are made smaller and enlarged again: a picture that was made so changes little.
    const gap = from.reduce((sum, v, i) => sum + Math.abs(v - set.images[i]!), 0) / from.length;
    const plain = await startOf(data, idc, { ipc: 1, seed: 5 });
    const other = plain.reduce((sum, v, i) => sum + Math.abs(v - set.images[i]!), 0) / from.length;
    expect(gap).toBeLessThan(other / 2);
  });

  test("is another configuration, and real images stand in for noise", async () => {
    const data = await tinyDataset();
    const [a, b] = [await condensed(data, dm, { ipc: 1 }), await condensed(data, dm, { ipc: 1, seed: 1 })];
    const of = (start?: CondensedSet) =>
      resolveConfiguration(data, dm, { network, initialisation: "noise", ...(start && { start }) });
    expect(new Set([of().start, of(a).start, of(b).start]).size).toBe(3);
    expect([of().initialisation, of(a).initialisation]).toEqual(["noise", "random"]);
  });

  test("is refused for a subset, for images of another size, and where no class is in both", async () => {
    const data = await tinyDataset();
    const set = await condensed(data, dm, { ipc: 1 });
    expect(() => resolveConfiguration(data, herding, { start: set })).toThrow(/starts from no set/);
    const other = { ...data, classes: ["x", "y", "z"] };
    await expect(startOf(other, dm, { start: set })).rejects.toMatchObject({ code: "set-does-not-fit", exitCode: 2 });
    await expect(startOf(await tinyDataset({ side: 12 }), dm, { start: set })).rejects.toThrow(/8x8 images/);
  });
});
