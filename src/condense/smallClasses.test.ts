import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import type { CondensedSet, Dataset } from "../data/dataset.ts";
import { makeDataset } from "../data/makeDataset.ts";
import { AttarError } from "../engine/index.ts";
import { convnet, mlp } from "../hypotheses/index.ts";
import { isCoreset, isMatch, methodNamed, methods } from "../methods/index.ts";
import { condense, type RunOptions, resolveConfiguration, smallClassNotes } from "./index.ts";
import { condenseToFolder } from "./node/runFolder.node.ts";

const root = mkdtempSync(join(tmpdir(), "attar-small-"));
afterAll(() => rmSync(root, { recursive: true }));

const network = convnet({ depth: 2, width: 4 });
const fast = { "hypotheses.every": 1, "hypotheses.images": 16 };

async function run(dataset: Dataset, method: string, options: RunOptions): Promise<CondensedSet> {
  for await (const event of condense(dataset, methodNamed(method), { network, steps: 1, ...options }))
    if (event.event === "done") return event.set;
  throw new Error("no set");
}

/** Classes of 9, 5 and 2 images. */
async function uneven(): Promise<Dataset> {
  const { train, ...rest } = await tinyDataset({ perClass: 9 });
  const sizes = [9, 5, 2];
  const seen = [0, 0, 0];
  const rows = Array.from(train.labels.keys()).filter((i) => seen[train.labels[i]!]!++ < sizes[train.labels[i]!]!);
  const images = Uint8Array.from(rows.flatMap((i) => [...train.images.subarray(i * 64, i * 64 + 64)]));
  const labels = Int32Array.from(rows, (i) => train.labels[i]!);
  return makeDataset({ ...rest, train: { images, labels }, scale: 255 });
}

describe("more decoded images than a class has", () => {
  test.each(["idc", "m3d", "cep", "idm", "dream"])(
    "%s runs: 3 images a class of 8, more than 8 decoded",
    async (method) => {
      const data = await tinyDataset({ perClass: 8 });
      const own = methodNamed(method);
      const settings = isMatch(own) && own.hypotheses.name === "alternating" ? fast : {};
      const set = await run(data, method, { ipc: 3, realBatch: 4, settings });
      expect(set.images.length).toBeGreaterThan(3 * 8 * 64);
    },
  );

  test("it is said", async () => {
    const data = await tinyDataset({ perClass: 8 });
    expect(smallClassNotes(data, methodNamed("idc"), { ipc: 3, network, realBatch: 8 })).toEqual([
      'class "class 0" has 8 training images, and 12 start the set: some of them more than once',
    ]);
    const noise = { ipc: 3, network, realBatch: 8, initialisation: "noise" };
    expect(smallClassNotes(data, methodNamed("idc"), noise)).toEqual([]);
    expect(smallClassNotes(data, methodNamed("dm"), { ipc: 3, network, realBatch: 8 })).toEqual([]);
  });
});

describe("more images a class than the smallest has", () => {
  test.each(["noise", "random", "kmeans-centres", "kmeans", "herding"])("dm runs from %s", async (initialisation) => {
    const set = await run(await uneven(), "dm", { ipc: 4, realBatch: 4, initialisation });
    expect([...set.labels]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    expect(set.images.every(Number.isFinite)).toBe(true);
  });

  test("a real batch is cut to the smallest class, and it is said", async () => {
    const data = await uneven();
    const options = { ipc: 4, network, realBatch: 6 };
    expect(resolveConfiguration(data, methodNamed("dm"), options).realBatch).toBe(2);
    expect(smallClassNotes(data, methodNamed("dm"), options)).toEqual([
      'every class gives a step equally many images: class "class 2" has 2, so it is 2 of each in place of 6',
      'class "class 2" has 2 training images, and 4 start the set: some of them more than once',
    ]);
  });

  test.each(["random", "herding", "kcenter", "kmeans", "mfc"])("the coreset %s is refused", async (method) => {
    await expect(run(await uneven(), method, { ipc: 4 })).rejects.toMatchObject({
      code: "ipc-too-large",
      message: 'ipc 4 is larger than class "class 2" of tiny, which has 2 training images',
      hint: "use --ipc 2 or less",
    });
  });
});

describe("a start that fails", () => {
  const start = async (folder: string, options: Partial<RunOptions>, method = "dm") => {
    const data = await tinyDataset({ perClass: 4 });
    for await (const _ of condenseToFolder(data, methodNamed(method), folder, {
      ipc: 1,
      network,
      steps: 1,
      ...options,
    }));
  };

  test("leaves no folder behind", async () => {
    const folder = join(root, "none");
    const settings = { "synthetic.factor": 9, "solver.steps": 1 };
    await expect(start(folder, { settings }, "bptt")).rejects.toBeInstanceOf(AttarError);
    expect(existsSync(folder)).toBe(false);
  });

  test("leaves a folder of one's own as it was", async () => {
    const folder = mkdtempSync(join(root, "own-"));
    writeFileSync(join(folder, "notes.txt"), "mine");
    await expect(start(folder, {})).rejects.toMatchObject({ code: "not-a-run" });
    expect(readdirSync(folder)).toEqual(["notes.txt"]);
  });
});

describe("rows of a table", () => {
  const table = () => {
    const labels = Int32Array.from({ length: 24 }, (_, i) => i % 3);
    const images = Float32Array.from({ length: 24 * 5 }, (_, i) => Math.sin(i) + (i % 5) * (Math.floor(i / 5) % 3));
    return makeDataset({
      name: "wine",
      shape: [5, 1, 1],
      classes: ["a", "b", "c"],
      train: { images, labels },
      test: { images, labels },
      scale: 1,
      source: "made in the test",
    });
  };

  test.each(methods.filter((method) => !isCoreset(method)).map(({ name }) => name))(
    "%s augments nothing",
    async (name) => {
      const method = methodNamed(name);
      const asked = { ipc: 1, network: mlp({ width: 8 }) };
      // A method that needs pictures, or a network of convolutions, says so.
      let found: ReturnType<typeof resolveConfiguration>;
      try {
        found = resolveConfiguration(await table(), method, asked);
      } catch (error) {
        expect(error).toMatchObject({ exitCode: 2 });
        return;
      }
      expect([found.matching, found.augmentation]).toEqual(["none", ""]);
      expect([found.hypotheses.options.augmented ?? false, found.hypotheses.options.mixed ?? false]).toEqual([
        false,
        false,
      ]);
    },
  );

  test("an augmentation of images is refused", async () => {
    const asked = { ipc: 1, network: mlp({ width: 8 }), augmentation: "color_crop" };
    const data = await table();
    expect(() => resolveConfiguration(data, methodNamed("dsa"), asked)).toThrow(
      'the augmentation "color_crop" is made for images, and these are rows of a table',
    );
    const set = await run(data, "dm", { ipc: 1, network: mlp({ width: 8 }) });
    expect(set.augmentation).toBe("");
  });
});

test("the name of a folder says nothing about what it holds", async () => {
  const of = (data: Dataset) => resolveConfiguration(data, methodNamed("dsa"), { ipc: 1, network });
  const folder = of(await tinyDataset({ name: "mnist" }));
  expect(folder).toMatchObject({ ...of(await tinyDataset({ name: "handwriting" })), dataset: "mnist" });
});
