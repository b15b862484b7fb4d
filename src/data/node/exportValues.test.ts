import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { size } from "../../engine/tensor.ts";
import { coresetAsSet } from "../../evaluate/index.ts";
import type { CondensedSet } from "../dataset.ts";
import { exportLosses } from "../exportLosses.ts";
import { grid } from "../grid.ts";
import { load } from "../index.ts";
import { makeDataset } from "../makeDataset.ts";
import { clippedShare, pictures } from "../pictures.ts";
import { readCondensed } from "./condensedFile.node.ts";
import { exportSet } from "./exportSet.node.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "attar-values-"));
});
afterAll(() => rm(root, { recursive: true }));

const shape = [1, 4, 4] as const;
const labels = Int32Array.of(0, 1, 0, 1);
/** Four pictures that hold every sixteenth grey level, black and white among them. */
const bytes = Uint8Array.from({ length: labels.length * 16 }, (_, i) => Math.min(255, i * 4 + (i === 63 ? 3 : 0)));

async function subset(images: Float32Array | Uint8Array, sides: readonly [number, number, number] = shape, scale = 1) {
  const train = { images, labels };
  const dataset = await makeDataset({
    name: "d",
    shape: sides,
    classes: ["a", "b"],
    train,
    scale,
    source: "made here",
  });
  return coresetAsSet(dataset, "full", 1, 0);
}

const all = "--to npz, huggingface and pytorch keep everything";
const recipe = `the recipe to train with: network, optimizer, rate and epochs; ${all}`;

describe("a byte export shows the pictures, whatever their scale", () => {
  test.each([
    ["bytes", bytes, 255],
    ["16-bit words", Float32Array.from(bytes, (b) => b * 257), 1],
    ["-1 to 1", Float32Array.from(bytes, (b) => b / 127.5 - 1), 1],
    ["signed bytes", Float32Array.from(bytes, (b) => b - 128), 1],
    ["signed words", Float32Array.from(bytes, (b) => b * 257 - 32768), 1],
    ["0 to 1", Float32Array.from(bytes, (b) => b / 255), 1],
    ["standardised", Float32Array.from(bytes, (b) => (b / 255 - 0.13) / 0.31), 1],
    ["0 to 1000.5", Float32Array.from(bytes, (b) => (b * 1000.5) / 255), 1],
    ["12 bits of a scanner in 16", Float32Array.from(bytes, (b) => 81 + Math.round((b * 120) / 255)), 1],
  ])("%s", async (what, images, scale) => {
    const set = await subset(images, shape, scale);
    const shown = pictures(set).flatMap(({ image }) => [...image.data]);
    const rounding = what.startsWith("12 bits") ? 1.1 : 0;
    expect(Math.max(...shown.map((v, i) => Math.abs(v - bytes[i]!)))).toBeLessThanOrEqual(rounding);
    expect(clippedShare(set)).toBe(0);
    expect(exportLosses({ ...set, augmentation: "" }, "png")).toEqual([`png does not hold ${recipe}`]);
    const at = await mkdtemp(join(root, "e"));
    await exportSet(set, "parquet", at);
    const read = await load(at);
    expect(Math.max(...Array.from(read.train.images, (v, i) => Math.abs(v - bytes[i]!)))).toBeLessThanOrEqual(rounding);
  });
});

test("a table is no picture, and its rows are shown as strips of features", async () => {
  const table = Float32Array.from({ length: 4 * 5 }, (_, i) => (i % 5) * 100 + Math.floor(i / 5));
  const set = await subset(table, [5, 1, 1]);
  for (const format of ["png", "imagefolder"])
    await expect(exportSet(set, format, join(root, "table"))).rejects.toMatchObject({
      code: "no-pictures",
      exitCode: 2,
      message: `the set holds rows of a table of 5 features, which are no pictures that ${format} could hold`,
      hint: "export it with --to csv, --to parquet or --to npz",
    });
  expect(pictures(set).map(({ image }) => [image.height, image.width, [...image.data]])).toEqual(
    [0, 1, 2, 3].map((r) => [1, 5, Array(5).fill(Math.round((r * 255) / 3))]),
  );
  const [path] = await exportSet(set, "npz", join(root, "table"));
  expect(await readCondensed(path!)).toEqual(set);
});

test("what pictures clip is counted: values beyond black and white by more than rounding", async () => {
  const set = await subset(bytes, shape, 255);
  const images = set.images.slice();
  const [mean, std] = [set.normalisation.mean[0]!, set.normalisation.std[0]!];
  images.set([-0.5, -0.001, 1.001, 1.5].map((v) => (v - mean) / std));
  expect(clippedShare({ ...set, images })).toBe(2 / 64);
  expect(exportLosses({ ...set, images, augmentation: "" }, "imagefolder")).toEqual([
    `3.1 % of the values are beyond black or white and are clipped in pictures of bytes; ${all}`,
    `imagefolder does not hold ${recipe}`,
  ]);
  expect(exportLosses({ ...set, images }, "npz")).toEqual([]);
});

const soft: CondensedSet = {
  images: new Float32Array(2 * 12).fill(0.5),
  shape: [3, 2, 2],
  labels: Int32Array.of(1, 0),
  softLabels: Float32Array.of(-0.25, 1.5, 0.75, 0.5),
  loss: "squared-error",
  classes: ["cat", "dög, 🐕"],
  normalisation: {
    scale: 1,
    mean: [0.5, 0.4, 0.3],
    std: [0.25, 0.2, 0.1],
    range: { low: [-1, -1, -1], high: [1, 1, 1] },
    zca: {
      dimension: 12,
      mean: new Float32Array(12).fill(0.5),
      whiten: Float32Array.from({ length: 144 }, (_, i) => (i % 13 === 0 ? 2 : 0)),
      unwhiten: Float32Array.from({ length: 144 }, (_, i) => (i % 13 === 0 ? 0.5 : 0)),
    },
  },
  dataset: "pets",
  datasetChecksum: "00",
  method: "frepo",
  ipc: 1,
  augmentation: "color_crop",
  learningRate: Math.fround(0.0125),
  storedFloats: 20,
};

test("an .npz keeps everything: it is read back as the same set", async () => {
  const [path] = await exportSet(soft, "npz", join(root, "soft"));
  expect(await readCondensed(path!)).toEqual(soft);
  await expect(load(path!)).rejects.toMatchObject({
    code: "bad-data",
    message: expect.stringMatching("is a condensed set"),
  });
});

test("Parquet has soft labels as a column, and says how to train", async () => {
  const [path] = await exportSet(soft, "parquet", join(root, "soft"));
  const file = (await readFile(path!)).buffer as ArrayBuffer;
  const rows = await parquetReadObjects({ file });
  expect(rows.map(({ label, soft_label }) => [label, soft_label])).toEqual([
    [1n, [-0.25, 1.5]],
    [0n, [0.75, 0.5]],
  ]);
  const text = Buffer.from(file).toString("latin1");
  expect(text).toContain('"loss":"squared-error","learning_rate":0.0125');
  expect(text).toContain('"soft_label":{"feature":{"dtype":"float32","_type":"Value"},"_type":"Sequence"}');
  expect((await load(join(root, "soft"))).train.labels).toEqual(Int32Array.of(1, 0));
});

test("formats of pictures say what they leave out", () => {
  expect(exportLosses({ ...soft, images: soft.images.fill(0) }, "png")).toEqual([
    `png does not hold class names as they are: "dög, 🐕" is the folder "dög_ _"; ${all}`,
    `png does not hold soft labels: the class with the largest is kept; ${all}`,
    `png does not hold the learned learning rate, 0.0125; ${all}`,
    `png does not hold the whitening that networks are trained under: pictures are without it; ${all}`,
    `png does not hold the augmentation to train with, color_crop; ${all}`,
    `png does not hold ${recipe}`,
  ]);
  expect(exportLosses(soft, "parquet")).toEqual([
    `parquet does not hold the whitening that networks are trained under: pictures are without it; ${all}`,
  ]);
  for (const format of ["npz", "huggingface", "pytorch"]) expect(exportLosses(soft, format)).toEqual([]);
});

describe("the grid of many classes is a PNG that can be read", () => {
  test.each([
    [1000, 1, [3, 32, 32]],
    [1000, 50, [1, 28, 28]],
    [1000, 1, [3, 224, 224]],
    [20_000, 3, [1, 8, 8]],
    [1, 5000, [1, 28, 28]],
  ] as const)("%i classes of %i images, %s", (classes, ipc, [channels, height, width]) => {
    const image = { channels, height, width, data: new Uint8Array(size([channels, height, width])) };
    const all = Array.from({ length: classes * ipc }, (_, i) => ({ image, label: Math.floor(i / ipc), k: i % ipc }));
    const drawn = grid(all);
    expect(Math.max(drawn.width, drawn.height)).toBeLessThanOrEqual(16384);
    expect(drawn.width * drawn.height).toBeLessThanOrEqual(2 ** 26);
    let black = 0;
    for (let i = 0; i < drawn.width * drawn.height; i++) if (drawn.data[i] === 0) black += 1;
    expect(black).toBeGreaterThanOrEqual(Math.min(classes * ipc, 500) * height * width);
  });

  test("of classes side by side each picture is there, in order", () => {
    const all = Array.from({ length: 1000 }, (_, label) => ({
      image: { channels: 1 as const, height: 1, width: 1, data: Uint8Array.of(label % 251) },
      label,
      k: 0,
    }));
    const drawn = grid(all);
    expect([drawn.height, drawn.width]).toEqual([32 * 98 + 2, 32 * 98 + 2]);
    const at = (label: number) => drawn.data[((label % 32) * 98 + 50) * drawn.width + Math.floor(label / 32) * 98 + 50];
    expect([0, 31, 32, 999].map(at)).toEqual([0, 31, 32, 999 % 251]);
  });
});
