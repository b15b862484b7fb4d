import { exec } from "node:child_process";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { load } from "./load.node.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "attar-csv-"));
});
afterAll(() => rm(root, { recursive: true }));

let files = 0;
/** Writes files with a prefix of their own and returns the first one's path. */
async function write(contents: Record<string, string | Uint8Array>): Promise<string> {
  const prefix = `d${files++}_`;
  for (const [name, content] of Object.entries(contents)) await writeFile(join(root, prefix + name), content);
  return join(root, prefix + Object.keys(contents)[0]!);
}
const table = (header: string, n: number, row: (i: number) => readonly (number | string)[]) =>
  `${header}\n${Array.from({ length: n }, (_, i) => row(i).join(",")).join("\n")}\n`;

describe("the test file beside a training file", () => {
  const train = table("a,b,label", 12, (i) => [i + 0.5, -i, i % 3]);
  test.each([
    ["train.csv", "test.csv"],
    ["iris_Train.csv", "iris_Test.csv"],
    ["TRAIN.csv", "TEST.csv"],
    ["training.csv", "testing.csv"],
    ["x-train.csv", "x-val.csv"],
    ["trainset.csv", "testset.csv"],
  ])("%s and %s", async (one, other) => {
    const set = await load(await write({ [one]: train, [other]: table("a,b,label", 2, (i) => [i, i, 2 - i]) }));
    expect([[...set.test.labels], [...set.test.images]]).toEqual([
      [2, 1],
      [0, 0, 1, 1],
    ]);
    expect(set.reading?.testSplit).toMatch(other);
  });

  test("columns go by their names", async () => {
    const set = await load(
      await write({ "train.csv": train, "test.csv": table("label,b,extra,a", 1, () => [1, 20, 99, 10]) }),
    );
    expect([[...set.test.labels], [...set.test.images]]).toEqual([[1], [10, 20]]);
  });

  test("an index is left out of both", async () => {
    const set = await load(
      await write({
        "train.csv": table(",a,label", 9, (i) => [i, i + 0.5, i % 3]),
        "test.csv": table(",a,label", 2, (i) => [i, 7.5, i]),
      }),
    );
    expect([set.shape, [...set.test.images]]).toEqual([
      [1, 1, 1],
      [7.5, 7.5],
    ]);
  });

  test.each([
    ["has no label column", table("a,b", 3, (i) => [i, i])],
    ["has a number of the row in its place", table("id,a,b", 3, (i) => [i, i, i])],
    ["has empty labels", table("a,b,label", 3, (i) => [i, i, ""])],
    ["has -1 for each label", table("a,b,label", 3, (i) => [i, i, -1])],
  ])("one that %s is left out and said to be", async (_, test) => {
    const set = await load(await write({ "train.csv": train, "test.csv": test }));
    expect([set.test.labels.length, set.reading?.testSplit]).toEqual([0, "none"]);
    expect(set.reading?.notes.join()).toMatch(/test\.csv is left out: it has no labels/);
  });

  test("where the test file has no labels the validation file is taken", async () => {
    const set = await load(
      await write({
        "train.csv": train,
        "test.csv": table("a,b", 3, (i) => [i, i]),
        "val.csv": table("a,b,label", 1, () => [1, 2, 2]),
      }),
    );
    expect([[...set.test.labels], set.reading?.testSplit]).toEqual([[2], expect.stringMatching(/val\.csv$/)]);
  });

  test("without headers by position; other columns are refused", async () => {
    const bare = (n: number, width = 3) =>
      Array.from({ length: n }, (_, i) => [...Array(width - 1).fill(i + 0.25), i % 3].join(",")).join("\n");
    const set = await load(await write({ "train.csv": bare(12), "test.csv": bare(2) }));
    expect([...set.test.labels]).toEqual([0, 1]);
    await expect(load(await write({ "train.csv": bare(12), "test.csv": bare(2, 5) }))).rejects.toThrow(
      "has 5 columns, the training split has 3",
    );
    const other = { "train.csv": train, "test.csv": table("a,c,label", 3, (i) => [i, i, i]) };
    await expect(load(await write(other))).rejects.toThrow('lacks the columns "b" of the training split');
  });
});

test("bytes only where both splits are; the scale of both", async () => {
  const header = `label,${Array.from({ length: 16 }, (_, i) => `pixel${i}`).join(",")}`;
  const split = (n: number, most: number) => table(header, n, (i) => [i % 2, ...Array(15).fill(i), most]);
  const set = await load(await write({ "train.csv": split(8, 16), "test.csv": split(4, 200) }));
  expect([set.train.images.constructor, set.normalisation.scale, set.shape]).toEqual([Uint8Array, 255, [1, 4, 4]]);
  const mixed = await load(await write({ "train.csv": split(8, 16), "test.csv": split(4, 0.5) }));
  expect([mixed.train.images.constructor, mixed.test.images.constructor]).toEqual([Float32Array, Float32Array]);
});

test("a compressed file, and one longer than a piece that is read at once", async () => {
  const long = table("a,b,label", 60_000, (i) => [i * 1.5, (i % 7) / 7, i % 5]);
  expect(long.length).toBeGreaterThan(2 ** 20);
  for (const content of [long, gzipSync(long)]) {
    const name = typeof content === "string" ? "long.csv" : "long.csv.gz";
    const set = await load(await write({ [name]: content }));
    expect([set.train.labels.length, set.train.images.at(-2), set.train.labels.at(-1)]).toEqual([60_000, 89_998.5, 4]);
  }
  const cut = await write({ "cut.csv.gz": gzipSync(long).subarray(0, 5000) });
  await expect(load(cut)).rejects.toMatchObject({ code: "bad-data", message: expect.stringContaining("cut.csv.gz") });
});

test("a small file that would become tens of megabytes of text is refused in time, with a way to read it", async () => {
  const bomb = await write({ "it's a bomb.csv.gz": gzipSync(`a,b,label\n${"1,2,x\n".repeat(5_000_000)}`) });
  const start = process.cpuUsage();
  const refused = await load(bomb).catch((error) => error);
  expect(refused).toMatchObject({ code: "bad-data", exitCode: 2 });
  expect(refused.message).toMatch(/: its \d+ bytes inflate to more than 8388608\.$/);
  expect(process.cpuUsage(start).user).toBeLessThan(8e6);
  const typed = /: (gunzip .*)$/.exec(refused.hint)![1]!;
  await promisify(exec)(typed);
  expect((await stat(bomb.slice(0, -3))).size).toBe(10 + 30_000_000);
});

test("options that say nothing about a dataset are refused", async () => {
  await expect(load("digits", { label: "y" })).rejects.toMatchObject({
    code: "bad-option",
    message: "digits: --label says nothing about a dataset that is known by name.",
    hint: "leave --label out",
  });
  await expect(load("digits", { header: false })).rejects.toMatchObject({ hint: "leave --no-header out" });
  const path = await write({ "a.csv": table("a,label", 4, (i) => [i, i % 2]) });
  await expect(load(path, { table: true, images: "1x1" })).rejects.toMatchObject({ code: "bad-option", exitCode: 2 });
});

test("addresses and names that are no path say so", async () => {
  await expect(load("https://example.org/x.csv")).rejects.toThrow("addresses (https://) are not read");
  await expect(load("hf://datasets/x")).rejects.toMatchObject({ hint: expect.stringContaining("give the path") });
  await expect(load("imagenet")).rejects.toMatchObject({ hint: expect.stringContaining("by the path of its file") });
});
