import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AttarError } from "../engine/errors.ts";
import { encodeCondensed, parseCondensed } from "./condensedSet.ts";
import type { CondensedSet } from "./dataset.ts";
import { encodeSafetensors, parseSafetensors } from "./formats/safetensors.ts";
import { grid } from "./grid.ts";
import { pictures } from "./pictures.ts";

const set: CondensedSet = {
  images: Float32Array.from({ length: 3 * 12 }, (_, i) => Math.fround(i / 7 - 2)),
  shape: [3, 2, 2],
  labels: Int32Array.of(0, 1, 1),
  classes: ["cat", "dög"],
  normalisation: { scale: 255, mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201] },
  dataset: "cifar-10",
  datasetChecksum: "abc",
  method: "dm",
  ipc: 2,
  augmentation: "color_crop",
};
const soft = { ...set, softLabels: Float32Array.of(0.9, 0.1, 0.2, 0.8, 0.4, 0.6), learningRate: 0.5 };
const values: CondensedSet = {
  ...soft,
  softLabels: Float32Array.of(0.9, -0.1, -2, 3, -0.4, 0.6),
  loss: "squared-error",
};
const zca = {
  dimension: 12,
  mean: new Float32Array(12).fill(0.5),
  whiten: Float32Array.from({ length: 144 }, (_, i) => (i % 13 === 0 ? 2 : 0)),
  unwhiten: Float32Array.from({ length: 144 }, (_, i) => (i % 13 === 0 ? 0.5 : 0)),
};
const whitened = { ...set, normalisation: { ...set.normalisation, zca } };

test("round trip: hard labels, soft labels and learning rate, values as labels, ZCA; equal sets give equal bytes", () => {
  for (const one of [set, soft, values, whitened]) {
    const read = parseCondensed(encodeCondensed(one), "f");
    expect(read).toEqual(
      one.learningRate === undefined ? one : { ...one, learningRate: Math.fround(one.learningRate) },
    );
    expect(encodeCondensed(read)).toEqual(encodeCondensed(one));
  }
});

test("what a foreign reader finds", () => {
  const { tensors, metadata } = parseSafetensors(encodeCondensed(set), "f");
  expect(tensors.get("images")).toEqual({ shape: [3, 3, 2, 2], data: set.images });
  expect(tensors.get("labels")).toEqual({ shape: [3], data: BigInt64Array.of(0n, 1n, 1n) });
  expect(metadata).toEqual({
    format: "attar-condensed-1",
    classes: '["cat","dög"]',
    scale: "255",
    mean: "[0.4914,0.4822,0.4465]",
    std: "[0.2023,0.1994,0.201]",
    method: "dm",
    ipc: "2",
    augmentation: "color_crop",
    dataset: "cifar-10",
    dataset_checksum: "abc",
  });
  expect([...parseSafetensors(encodeCondensed(soft), "f").tensors.keys()].sort()).toEqual([
    "images",
    "lr",
    "soft_labels",
  ]);
});

describe("refuses", () => {
  const { tensors, metadata } = parseSafetensors(encodeCondensed(set), "f");
  const write = (changed: object, meta: object = {}) =>
    encodeSafetensors({ ...Object.fromEntries(tensors), ...changed }, { ...metadata, ...meta });
  test.each([
    ["another format", write({}, { format: "attar-condensed-9" }), /format "attar-condensed-9"/],
    ["a loss without soft labels", write({}, { loss: "squared-error" }), /without soft labels/],
    [
      "labels out of range",
      write({ labels: { shape: [3], data: BigInt64Array.of(0n, 1n, 2n) } }),
      /label 2 is 2, out of range 0 to 1/,
    ],
    ["too few labels", write({ labels: { shape: [1], data: BigInt64Array.of(0n) } }), /labels are \[1\] for 3 images/],
    ["NaN", write({ images: { shape: [3, 3, 2, 2], data: new Float32Array(36).fill(Number.NaN) } }), /not finite/],
    ["a mean for other channels", write({}, { mean: "[0.5]" }), /do not describe 3 channels/],
    ["a deviation of zero", write({}, { std: "[0,1,1]" }), /do not describe 3 channels/],
    ["classes that are no list", write({}, { classes: "3" }), /not a list of names/],
    ["ipc 0", write({}, { ipc: "0" }), /"ipc" is "0"/],
    ["half a ZCA", write({ zca_mean: { shape: [12], data: new Float32Array(12) } }), /no tensor "zca_whiten"/],
    ["another file", encodeSafetensors({ a: { shape: [1], data: Float32Array.of(1) } }), /is no condensed set/],
  ])("%s", (_what, bytes, message) => expect(() => parseCondensed(bytes, "f")).toThrow(message));

  test("mutated bytes: an AttarError or a set", () => {
    const bytes = encodeCondensed(soft);
    const edit = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const mutated = bytes.slice();
        for (const [at, value] of edits) mutated[at] = value;
        try {
          parseCondensed(mutated, "f");
        } catch (error) {
          expect(error).toBeInstanceOf(AttarError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

test("the grid: a row a class, its images from left to right, enlarged", () => {
  const flat = { ...set, images: Float32Array.from({ length: 36 }, (_, i) => (i < 12 ? 9 : i < 24 ? -9 : 0)) };
  const { channels, height, width, data } = grid(pictures(flat));
  expect([channels, height, width]).toEqual([3, 2 * 98 + 2, 2 * 98 + 2]);
  const at = (x: number, y: number) => data[y * width + x];
  expect([at(50, 50), at(50, 150), at(150, 150), at(150, 50), at(0, 0)]).toEqual([
    255,
    0,
    Math.round(0.4914 * 255),
    255,
    255,
  ]);
});

test("a grid of many images a class is enlarged less", () => {
  const { image } = pictures(set)[0]!;
  const row = (columns: number) => Array.from({ length: columns }, (_, k) => ({ image, label: 0, k }));
  expect(grid(row(41)).width).toBe(41 * (48 * 2 + 2) + 2);
  expect(grid(row(42)).width).toBe(42 * (47 * 2 + 2) + 2);
  expect(grid(row(2000)).width).toBe(2000 * (2 + 2) + 2);
});
