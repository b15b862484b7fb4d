import { readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import type { Dataset, Split } from "../dataset.ts";
import type { ReadOptions } from "../readOptions.ts";
import { load } from "./load.node.ts";

/** Files by numpy, scipy and h5py, and what they hold: golden/formats/make.py. */
const folder = new URL("../../../golden/formats/", import.meta.url);
const at = (name: string) => new URL(`files/${name}`, folder).pathname;

interface ExpectedSplit {
  readonly images: readonly number[];
  readonly labels: readonly string[];
}
interface Expected {
  readonly shape: readonly number[];
  /** Of the images one value in so many. */
  readonly step: number;
  readonly train: ExpectedSplit;
  readonly test?: ExpectedSplit;
}
const { "kinds.npz": kinds, ...layouts }: Record<string, Expected> & { "kinds.npz": Record<string, number[]> } =
  JSON.parse(readFileSync(new URL("expected.json", folder), "utf8"));

const told = ({ images, labels }: Split, step: number, { classes }: Dataset): ExpectedSplit => ({
  images: Array.from(images).filter((_, i) => i % step === 0),
  labels: Array.from(labels, (c) => classes[c]!),
});

/** Names of arrays that are not found by themselves. */
const options: Record<string, ReadOptions> = {
  "own-names.h5": { images: "/scans/pictures", label: "scans/kinds" },
};

describe("layouts", () => {
  test.each(Object.entries(layouts))("%s", async (name, { shape, step, train, test }) => {
    const set = await load(at(name), options[name]);
    expect(set.shape).toEqual(shape.length === 3 ? shape : [...shape, 1]);
    expect(told(set.train, step, set)).toEqual(train);
    expect(set.test.labels.length > 0 ? told(set.test, step, set) : undefined).toEqual(test);
  });

  test.each<[string, readonly string[], number]>([
    ["cifar-10-batches-py", ["cat", "ship"], 5],
    ["cifar-100-python", ["beaver", "worm"], 1],
  ])("%s: pickles, without running them", async (folder, classes, batches) => {
    const set = await load(at(folder));
    const { train, test, shape, reading } = set;
    expect([set.classes.toSorted(), train.labels.length, test.labels.length, shape, reading?.format]).toEqual([
      classes,
      2 * batches,
      2,
      [3, 32, 32],
      "CIFAR's batches for Python",
    ]);
    const { step, train: svhn } = layouts["train_32x32.mat"]!;
    const first = svhn.images.slice(0, Math.floor((2 * 3072) / step));
    expect(Array.from({ length: first.length }, (_, i) => train.images[i * step])).toEqual(first);
  });

  test("what was found is said", async () => {
    expect((await load(at("camelyonpatch_level_2_split_train_x.h5"))).reading).toMatchObject({
      format: "HDF5, images and labels in a file each",
      testSplit: at("camelyonpatch_level_2_split_test_x.h5"),
      notes: ["the labels are those of camelyonpatch_level_2_split_train_y.h5"],
    });
    expect((await load(at("stack.mat"))).reading).toMatchObject({
      format: "MATLAB",
      notes: [
        "the last axis of X [4,5,3,6] counts the samples: it is read as [6,4,5,3]",
        'the labels are "1", "2", "3": classes 0 to 2 in this order',
      ],
    });
  });

  test("a test split in a file of other names, by --test", async () => {
    const set = await load(at("nested.h5"), { test: at("own-names.h5") }).catch((error) => error);
    expect(set).toMatchObject({ code: "bad-data", message: expect.stringContaining("own-names.h5") });
    const both = await load(at("v7.3.mat"), { test: at("stack.mat") });
    expect([...both.test.images]).toEqual([...both.train.images]);
  });
});

describe("what is refused", () => {
  test("arrays that no name tells apart: all are listed, with the command to type", async () => {
    await expect(load(at("own-names.h5"))).rejects.toMatchObject({
      message: `${at("own-names.h5")}: has the arrays notes [] texts, scans/kinds [6] int64, scans/patients [6] uint16, scans/pictures [6,4,5,3] uint8, none of them images and labels by its name.`,
      hint: expect.stringMatching(
        /attar data info \S+own-names.h5 --images scans\/pictures --label scans\/(kinds|patients)$/,
      ),
    });
    await expect(load(at("own-names.h5"), { images: "scans/picture", label: "scans/kinds" })).rejects.toThrow(
      'has no array "scans/picture", they are notes [] texts',
    );
  });

  test.each<[string, string, string]>([
    ["outside", "its values lie in another file, which is not followed", "h5repack"],
    ["view", "is a view of arrays in other files, which are not followed", "h5repack"],
    ["lzf", "is compressed by lzf, which is not built in", "h5repack -f GZIP=4 in.h5 out.h5"],
    ["link", 'has no array "link"', "Give one of these names"],
  ])("HDF5: %s %s", async (images, message, hint) => {
    await expect(load(at("not-followed.h5"), { images, label: "y" })).rejects.toMatchObject({
      code: "bad-data",
      exitCode: 2,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });

  test("HDF5 without the package that reads it", async () => {
    vi.doMock("h5wasm", () => {
      throw new Error("not installed");
    });
    vi.resetModules();
    const { load: anew } = await import("./load.node.ts");
    await expect(anew(at("usps.h5"))).rejects.toMatchObject({
      code: "absent-package",
      message: expect.stringContaining("HDF5 is read by the package h5wasm, which is not installed"),
      hint: "npm install h5wasm",
    });
    vi.doUnmock("h5wasm");
  });

  test("several labels an image", async () => {
    await expect(load(at("chestmnist.npz"))).rejects.toThrow("soft and multiple labels are not read");
  });
});

describe("kinds of numbers, as numpy wrote them", () => {
  test.each(Object.entries(kinds))("images: %s", async (images, values) => {
    expect(Array.from((await load(at("kinds.npz"), { images, label: "from-1" })).train.images)).toEqual(values);
  });

  const y = [0, 1, 2, 0, 1, 2];
  test.each<[string, readonly string[]]>([
    ["U10", ["cat", "dog", "ox"]],
    ["S10", ["cat", "dog", "ox"]],
    ["one-hot", ["0", "1", "2"]],
    ["whole", ["0", "1", "2"]],
    ["column", ["0", "1", "2"]],
    ["from-1", ["1", "2", "3"]],
  ])("labels: %s", async (label, classes) => {
    const set = await load(at("kinds.npz"), { images: "big", label });
    expect([set.classes, [...set.train.labels]]).toEqual([classes, y]);
  });

  test.each<[string, string, string]>([
    ["fractions", "label 0 is 0.5, labels are whole numbers", "--target values"],
    ["nan", "label 2 is NaN, labels are whole numbers", "Leave out the rows without a label"],
    ["objects", 'arrays of dtype "|O" are not read', "array.astype(str)"],
    ["ragged", 'arrays of dtype "|O" are not read', "never unpickled"],
    ["soft", "row 0 of the labels [6,3] is not one-hot", "numpy.argmax(labels, axis=1)"],
    ["short", "big holds 6 images, short 5 labels", "--label NAME"],
  ])("labels: %s are refused", async (label, message, hint) => {
    await expect(load(at("kinds.npz"), { images: "big", label })).rejects.toMatchObject({
      code: "bad-data",
      exitCode: 2,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });
});
