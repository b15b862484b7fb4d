import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { load } from "./load.node.ts";

const idx = (dims: number[], data: number[]) =>
  Uint8Array.from([0, 0, 8, dims.length, ...dims.flatMap((d) => [0, 0, 0, d]), ...data]);
const pair = (prefix: string, split: string, values: number[], labels: number[]) => ({
  [`${prefix}${split}-images-idx3-ubyte.gz`]: gzipSync(idx([values.length, 1, 1], values)),
  [`${prefix}${split}-labels-idx1-ubyte`]: idx([labels.length], labels),
});

test("EMNIST: a prefix before train, labels from 1, the test file beside it; several sets are told apart", async () => {
  const root = await mkdtemp(join(tmpdir(), "attar-idx-"));
  const write = async (files: Record<string, Uint8Array>) => {
    for (const [name, content] of Object.entries(files)) await writeFile(join(root, name), content);
  };
  const letters = "emnist-letters-";
  await write({ ...pair(letters, "train", [10, 20, 30], [1, 2, 26]), ...pair(letters, "test", [40], [26]) });
  for (const path of [root, join(root, `${letters}train-images-idx3-ubyte.gz`)]) {
    const set = await load(path);
    expect([set.classes, [...set.train.labels], [...set.test.images], [...set.test.labels]]).toEqual([
      ["1", "2", "26"],
      [0, 1, 2],
      [40],
      [2],
    ]);
    expect(set.reading?.testSplit).toBe(`${letters}test-images-idx3-ubyte.gz`);
  }
  await write(pair("emnist-digits-", "train", [1, 2], [0, 1]));
  await expect(load(root)).rejects.toMatchObject({
    message: expect.stringContaining("holds 2 IDX datasets"),
    hint: `Give the images file of one of them: ${join(root, "emnist-digits-train-images-idx3-ubyte.gz")}`,
  });
  await rm(root, { recursive: true });
});
