import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { load } from "./load.node.ts";

const idx = (dims: number[], data: number[]) =>
  Uint8Array.from([0, 0, 8, dims.length, ...dims.flatMap((d) => [0, 0, 0, d]), ...data]);
const pair = (prefix: string, split: string, values: number[], labels: number[]) => ({
  [`${prefix}${split}-images-idx3-ubyte.gz`]: gzipSync(idx([values.length, 1, 1], values)),
  [`${prefix}${split}-labels-idx1-ubyte`]: idx([labels.length], labels),
});

/** Writes files below a new folder. */
async function folderOf(files: Record<string, Uint8Array | string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "attar-layout-"));
  folders.push(root);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  return root;
}
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((root) => rm(root, { recursive: true }))));

const mnist = { ...pair("", "train", [10, 20, 30], [0, 1, 2]), ...pair("", "t10k", [40], [2]) };
const under = (folder: string, files: Record<string, Uint8Array | string>) =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]));

describe("as torchvision keeps them", () => {
  test.each(["MNIST/raw", "raw"])("IDX in %s", async (folder) => {
    const root = await folderOf({ ...under(folder, mnist), "MNIST/processed/training.pt": "PK" });
    const set = await load(root);
    expect([[...set.train.images], [...set.train.labels], [...set.test.images]]).toEqual([
      [10, 20, 30],
      [0, 1, 2],
      [40],
    ]);
  });

  test("several datasets below one root: one is to be given", async () => {
    const root = await folderOf({ ...under("MNIST/raw", mnist), ...under("FashionMNIST/raw", mnist) });
    await expect(load(root)).rejects.toMatchObject({
      message: `${root}: holds 2 datasets: "FashionMNIST/raw", "MNIST/raw".`,
      hint: `Give the folder of one of them: ${join(root, "FashionMNIST/raw")}`,
    });
    expect((await load(join(root, "FashionMNIST"))).train.labels.length).toBe(3);
  });

  test("CIFAR-10's binaries in cifar-10-batches-bin", async () => {
    const record = (label: number) => Uint8Array.of(label, ...new Uint8Array(3072).fill(10 * label));
    const batches = [1, 2, 3, 4, 5].map((i) => [`data_batch_${i}.bin`, Buffer.concat([record(i), record(i - 1)])]);
    const files = { ...Object.fromEntries(batches), "test_batch.bin": record(2) };
    const set = await load(await folderOf(under("cifar-10-batches-bin", files)));
    expect([set.classes.length, [...set.train.labels], [...set.test.labels]]).toEqual([
      6,
      [1, 0, 2, 1, 3, 2, 4, 3, 5, 4],
      [2],
    ]);
    expect(set.train.images[3072 * 8]).toBe(50);
  });

  test("STL-10's binaries: pixels column by column, labels from 1, names in a file", async () => {
    const plane = 96 * 96;
    /** A picture whose only bright pixel is in row 1, column 2 of its red plane. */
    const picture = (level: number) => Uint8Array.from({ length: 3 * plane }, (_, i) => (i === 2 * 96 + 1 ? level : 0));
    const names = "airplane bird car cat deer dog horse monkey ship truck".split(" ");
    const files = {
      "train_X.bin": Buffer.concat([picture(100), picture(200)]),
      "train_y.bin": Uint8Array.of(3, 10),
      "test_X.bin": picture(50),
      "test_y.bin": Uint8Array.of(10),
      "class_names.txt": `${names.join("\n")}\n`,
    };
    const set = await load(await folderOf(under("stl10_binary", files)));
    const { classes, shape, train, test } = set;
    expect([classes, shape, [...train.labels], [...test.labels]]).toEqual([["car", "truck"], [3, 96, 96], [0, 1], [1]]);
    expect([train.images[96 + 2], train.images[3 * plane + 96 + 2], test.images[96 + 2]]).toEqual([100, 200, 50]);
    const { "train_y.bin": _, ...rest } = files;
    const wrong = await folderOf({ ...rest, "train_y.bin": Uint8Array.of(3, 11) });
    await expect(load(wrong)).rejects.toThrow("train_y.bin: label 1 is 11, out of range 1 to 10");
  });
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
