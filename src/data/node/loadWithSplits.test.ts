import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../test/fixtures/files/temporaryFolder.ts";
import { condense, resolveConfiguration } from "../../condense/index.ts";
import { evaluate } from "../../evaluate/index.ts";
import { methodNamed } from "../../methods/index.ts";
import { type CondensedSet, withheldChecksum } from "../dataset.ts";
import { encodeNpz } from "../formats/npz.ts";
import { encodePng } from "../formats/png.ts";
import { load } from "./load.node.ts";

const folder = temporaryFolder();
const { write } = folder;

/** Classes of 20, 10 and 3 rows, and one of a single row; the first column numbers them. */
const uneven = () =>
  write(
    "uneven.csv",
    `at,b,label\n${Array.from({ length: 34 }, (_, i) => `${i}.5,${i * i},${i < 20 ? "a" : i < 30 ? "b" : i < 33 ? "c" : "d"}`).join("\n")}\n`,
  );

describe("a held-out share", () => {
  test("is of every class, never all of one, and the same for everyone who asks", async () => {
    const path = await uneven();
    const [set, again] = [await load(path, { testShare: 0.2 }), await load(path, { testShare: 0.2 })];
    const counts = (labels: Int32Array) => [0, 1, 2, 3].map((c) => labels.filter((label) => label === c).length);
    expect([counts(set.train.labels), counts(set.test.labels)]).toEqual([
      [16, 8, 2, 1],
      [4, 2, 1, 0],
    ]);
    const rows = [...set.train.images, ...set.test.images].filter((_, i) => i % 2 === 0).sort((a, b) => a - b);
    expect(rows).toEqual(Array.from({ length: 34 }, (_, i) => i + 0.5));
    expect(again.checksum).toBe(set.checksum);
    expect((await load(path, { testShare: 0.3 })).checksum).not.toBe(set.checksum);
    expect(set.reading).toMatchObject({
      testSplit: "a held-out share of 0.2",
      options: { testShare: 0.2 },
      notes: expect.arrayContaining([
        "7 of 34 rows are held out to test on, 0.2 of each class",
        'classes of one row have none in the test split: "d"',
      ]),
    });
  });

  test("is no part of mean and deviation", async () => {
    const { train, normalisation } = await load(await uneven(), { testShare: 0.2 });
    const own = Array.from(train.images).filter((_, i) => i % 2 === 0);
    expect(normalisation.mean[0]).toBeCloseTo(own.reduce((sum, v) => sum + v, 0) / own.length, 5);
  });

  test("of numbers to predict: bins and units are those of the rows that are left", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i % 7},${i % 5},${i * 3}`);
    const set = await load(await write("values.csv", `a,b,y\n${rows.join("\n")}\n`), {
      target: "values",
      label: "y",
      testShare: 0.25,
    });
    expect([set.train.labels.length, set.test.labels.length]).toEqual([30, 10]);
    const mean = set.train.values!.reduce((sum, v) => sum + v, 0) / 30;
    expect(mean).toBeCloseTo(0, 5);
    expect(new Set(set.test.labels).size).toBe(5);
  });

  test("is refused where there is a test split, which --test none leaves out", async () => {
    const path = await write("s_train.csv", "a,label\n1,x\n2,y\n3,x\n4,y\n");
    await write("s_test.csv", "a,label\n9,x\n8,y\n");
    await expect(load(path, { testShare: 0.5 })).rejects.toMatchObject({ code: "bad-option", exitCode: 2 });
    const set = await load(path, { testShare: 0.5, test: "none" });
    expect([set.train.labels.length, set.test.labels.length]).toEqual([2, 2]);
    expect((await load(path, { test: "none" })).test.labels.length).toBe(0);
  });

  test.each([0, 1, -0.5, Number.NaN])("%s is no share", async (testShare) => {
    await expect(load(await uneven(), { testShare })).rejects.toMatchObject({ code: "bad-option" });
  });

  test("is recorded in the run, and a set of other rows is not scored on it", async () => {
    const path = await uneven();
    const method = methodNamed("random");
    const [held, all] = [await load(path, { testShare: 0.2 }), await load(path)];
    expect(resolveConfiguration(held, method, { ipc: 1 }).reading).toEqual({ testShare: 0.2 });
    const sets: CondensedSet[] = [];
    for (const data of [held, all])
      for await (const event of condense(data, method, { ipc: 1 })) if (event.event === "done") sets.push(event.set);
    const options = { repeats: 1, epochs: 1, baselines: [] };
    await expect(evaluate(sets[1]!, held, options)).rejects.toMatchObject({ code: "other-split", exitCode: 2 });
    expect((await evaluate(sets[0]!, held, options)).results).toHaveLength(1);
    // A private set does not say which rows it is of: whoever knows says so.
    const own = { ...sets[0]!, datasetChecksum: withheldChecksum };
    await expect(evaluate(own, held, options)).rejects.toThrow(/private set keeps to itself/);
    await expect(evaluate(own, held, { ...options, condensedFrom: all.checksum })).rejects.toThrow(/other rows/);
    expect((await evaluate(own, held, { ...options, condensedFrom: held.checksum })).results).toHaveLength(1);
  });
});

describe("a test split that is named", () => {
  test("a CSV at a path, its columns by their names", async () => {
    const path = await write("own.csv", "a,b,label\n1,2,x\n3,4,y\n5,6,x\n7,8,y\n");
    await write("check.csv", "label,b,a\ny,20,10\n");
    const set = await load(path, { test: "check.csv" });
    expect([[...set.test.images], [...set.test.labels], set.reading?.testSplit]).toEqual([[10, 20], [1], "check.csv"]);
    await expect(load(path, { test: "absent.csv" })).rejects.toMatchObject({ code: "bad-data" });
  });

  test("folders of images by names that stand for no split, classes by theirs", async () => {
    const picture = (level: number) =>
      encodePng({ width: 2, height: 2, channels: 1, data: new Uint8Array(4).fill(level) });
    for (const [name, level] of Object.entries({
      "fit/a/1": 10,
      "fit/b/1": 90,
      "fit/c/1": 200,
      "check/b/1": 91,
      "check/c/1": 201,
    }))
      await write(`pets/${name}.png`, picture(level));
    const set = await load(join(folder.path, "pets"), { train: "fit", test: "check" });
    expect([set.name, set.classes, [...set.test.labels], set.test.images[0]]).toEqual([
      "pets",
      ["a", "b", "c"],
      [1, 2],
      91,
    ]);
    await expect(load(join(folder.path, "pets"), { train: "training" })).rejects.toThrow(
      /no folder or file "training"/,
    );
  });

  test("arrays by a word in their names", async () => {
    const numbers = (n: number) => ({ shape: [n, 2], data: Float32Array.from({ length: 2 * n }, (_, i) => i) });
    const labels = (n: number) => ({ shape: [n], data: Int32Array.from({ length: n }, (_, i) => i % 2) });
    const arrays = { x_fit: numbers(6), y_fit: labels(6), x_check: numbers(4), y_check: labels(4) };
    const path = await write("words.npz", encodeNpz(arrays));
    const set = await load(path, { train: "fit", test: "check" });
    expect([set.train.labels.length, set.test.labels.length]).toEqual([6, 4]);
    const held = await load(path, { train: "fit", testShare: 0.5 });
    expect([held.train.labels.length, held.test.labels.length]).toEqual([2, 4]);
    await expect(load(path, { train: "fit", test: "other" })).rejects.toThrow(
      /none of them images and labels of "fit" and "other"/,
    );
  });
});
