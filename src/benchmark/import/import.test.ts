import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Dataset } from "../../data/dataset.ts";
import { loadDigits, parseNpy, readCondensed } from "../../data/index.ts";
import { defaultRuntime } from "../../engine/index.ts";
import { assignment } from "./doctor/assignment.ts";
import { type Classifier, classifierOf, type ImportOptions, importSets } from "./index.node.ts";

const files = new URL("../../../golden/imports/files/", import.meta.url).pathname;
let digits: Dataset;
let folder: string;
let classifier: Classifier;
beforeAll(async () => {
  digits = await loadDigits();
  classifier = await classifierOf(digits, { runtime: defaultRuntime() });
  folder = await mkdtemp(join(tmpdir(), "attar-import-"));
});
afterAll(() => {
  classifier.dispose();
  return rm(folder, { recursive: true, force: true });
});

let made = 0;
const taken = (file: string, options: ImportOptions) =>
  importSets(join(files, file), digits, join(folder, String(made++)), { classifier, ...options });

/** The largest difference between a set's images and the first two of each class, which the files hold. */
function distance(images: Float32Array, labels: Int32Array): number {
  const { train, normalisation } = digits;
  const { scale, mean, std } = normalisation;
  let largest = 0;
  for (let i = 0; i < labels.length; i++) {
    let least = Number.POSITIVE_INFINITY;
    for (let row = 0; row < 60; row++) {
      if (train.labels[row] !== labels[i]) continue;
      let most = 0;
      for (let p = 0; p < 64; p++) {
        const real = (train.images[row * 64 + p]! / scale - mean[0]!) / std[0]!;
        most = Math.max(most, Math.abs(images[i * 64 + p]! - real));
      }
      least = Math.min(least, most);
    }
    largest = Math.max(largest, least);
  }
  return largest;
}

describe("layouts", () => {
  test("VICO: every experiment of a file, with the claim beside", async () => {
    const options = { as: "vico", claimed: 0.5, source: "Table 1" };
    const [first, second] = await taken("res_DC_ConvNet_2ipc.pt", options);
    expect([first!.set.ipc, first!.set.labels.length, first!.bytes]).toEqual([2, 20, 20 * 64 * 4 + 20 * 8]);
    expect(distance(first!.set.images, first!.set.labels)).toBeLessThan(0.01);
    expect(second!.set.images).not.toEqual(first!.set.images);
    const kept = await readCondensed(join(first!.folder, "condensed.safetensors"));
    expect(kept).toEqual(first!.set);
    const record = JSON.parse(await readFile(join(first!.folder, "import.json"), "utf8"));
    expect(record).toMatchObject({
      as: "vico",
      set: 0,
      on: "digits",
      space: "normalised",
      claimed: 0.5,
      source: "Table 1",
    });
    expect(record.sha256).toMatch(/^[0-9a-f]{64}$/);
    // Real images, of which the doctor says that they are.
    expect(first!.diagnosis.agreement).toBeGreaterThan(0.9);
    expect(first!.diagnosis.findings.map(({ what }) => what)).toEqual([
      expect.stringMatching(/^\d+ of 20 images are training images of digits$/),
    ]);
  });

  test("MTT: a folder, with its learning rate", async () => {
    const [found] = await taken("mtt", { as: "mtt" });
    expect(found!.set.learningRate).toBeCloseTo(0.02, 6);
    expect(distance(found!.set.images, found!.set.labels)).toBeLessThan(0.01);
  });

  test("IDC: pixels, decoded as PyTorch enlarges; what is stored is counted", async () => {
    const [found] = await taken("data.pt", { as: "idc", factor: 2 });
    const { set, bytes } = found!;
    const { mean, std } = digits.normalisation;
    const expected = parseNpy(new Uint8Array(await readFile(join(files, "data_decoded.npy"))), "decoded")
      .data as Float32Array;
    const most = set.images.reduce((m, v, i) => Math.max(m, Math.abs(v - (expected[i]! - mean[0]!) / std[0]!)), 0);
    expect(most).toBeLessThan(1e-5);
    expect([set.labels.length, set.ipc, bytes]).toEqual([80, 2, 20 * 64 * 4 + 20 * 8]);
    expect(found!.diagnosis.agreement).toBeGreaterThan(0.5);
  });

  test("DD-Ranking: logits become probabilities", async () => {
    const [found] = await taken("dd-ranking", { as: "dd-ranking" });
    const { softLabels, labels, learningRate } = found!.set;
    const right = Math.exp(3) / (Math.exp(3) + 9 * Math.exp(-1));
    expect(softLabels![labels[0]!]).toBeCloseTo(right, 6);
    expect(softLabels!.subarray(0, 10).reduce((a, b) => a + b)).toBeCloseTo(1, 6);
    expect(learningRate).toBeCloseTo(0.03, 6);
    expect(found!.notes).toEqual(["its labels are no probabilities: taken for logits, their softmax is kept"]);
  });

  test("KIP: channels last, labels to regress on", async () => {
    const [found] = await taken("kip.npz", { as: "kip" });
    expect(found!.set.loss).toBe("squared-error");
    expect(found!.set.softLabels![0]).toBeCloseTo(0.9, 6);
    expect(distance(found!.set.images, found!.set.labels)).toBeLessThan(0.01);
  });

  test.each([
    ["plain.npz", "npz"],
    ["folder", "imagefolder"],
  ])("bytes are pixels: %s", async (file, as) => {
    const [found] = await taken(file, { as });
    expect(distance(found!.set.images, found!.set.labels)).toBeLessThan(0.02);
    expect(found!.set.labels.length).toBe(20);
  });

  test("whitened images, as kornia whitens: back in pixels they are the real ones", async () => {
    const [found] = await taken("mtt_zca", { as: "mtt", space: "zca" });
    expect(found!.set.normalisation.zca?.dimension).toBe(64);
    expect(found!.diagnosis.agreement).toBeGreaterThan(0.9);
    expect(found!.diagnosis.nearest.closest).toBeLessThan(0.2);
  });
});

describe("the doctor names the mistake and the option that mends it", () => {
  test("pixels that are taken for normalised images", async () => {
    const [found] = await taken("pixels_as_vico.pt", { as: "vico" });
    const finding = found!.diagnosis.findings.find(({ option }) => option === "--space pixels");
    expect(finding?.what).toMatch(/look like pixels of 0 to 1 and not like normalised ones/);
    const [mended] = await taken("pixels_as_vico.pt", { as: "vico", space: "pixels" });
    expect(mended!.diagnosis.findings.some(({ option }) => option)).toBe(false);
    expect(distance(mended!.set.images, mended!.set.labels)).toBeLessThan(0.01);
  });

  test("whitened images that are taken for normalised ones", async () => {
    const [found] = await taken("mtt_zca", { as: "mtt" });
    expect(found!.diagnosis.findings[0]?.option).toBe("--space zca");
  });

  test("classes in another order: which", async () => {
    const [found] = await taken("permuted.pt", { as: "vico" });
    const finding = found!.diagnosis.findings.find(({ what }) => what.startsWith("permuted?"));
    // Label order[c] was written for class c.
    const inverse = [3, 1, 6, 0, 2, 4, 7, 9, 8, 5];
    expect(finding?.option).toBe(`--order ${inverse.join(",")}`);
    const [mended] = await taken("permuted.pt", { as: "vico", order: inverse });
    expect(mended!.diagnosis.agreement).toBeGreaterThan(0.9);
    expect(distance(mended!.set.images, mended!.set.labels)).toBeLessThan(0.01);
  });

  test("the best assignment, beside every one tried", () => {
    const gain = [
      [7, 4, 3, 1],
      [5, 8, 7, 2],
      [6, 7, 8, 9],
      [3, 3, 6, 5],
    ];
    const total = (order: readonly number[]) => order.reduce((sum, c, r) => sum + gain[r]![c]!, 0);
    const all = (left: number[]): number[][] =>
      left.length === 0 ? [[]] : left.flatMap((c) => all(left.filter((o) => o !== c)).map((rest) => [c, ...rest]));
    expect(total(assignment(gain))).toBe(Math.max(...all([0, 1, 2, 3]).map(total)));
    expect([...assignment(gain)].sort()).toEqual([0, 1, 2, 3]);
  });
});

describe("one sentence for what is wrong", () => {
  const refused = (file: string, options: ImportOptions) => taken(file, options);
  test.each<[string, ImportOptions, string, RegExp]>([
    ["data.pt", { as: "vico" }, "bad-data", /holds a list, and a dict with data/],
    ["res_DC_ConvNet_2ipc.pt", { as: "idc" }, "bad-data", /holds a dict/],
    ["res_DC_ConvNet_2ipc.pt", { as: "mtt" }, "bad-option", /has not the name of an images file/],
    ["res_DC_ConvNet_2ipc.pt", { as: "vico", set: 5 }, "bad-option", /has 2 sets/],
    ["res_DC_ConvNet_2ipc.pt", { as: "vicco" }, "unknown-option", /unknown layout/],
    ["res_DC_ConvNet_2ipc.pt", { as: "vico", order: [1, 1] }, "bad-option", /each once/],
    ["none.pt", { as: "vico" }, "absent-file", /no file or folder/],
    ["mtt/images_best.pt", { as: "vico" }, "bad-data", /holds an array/],
    ["data_decoded.npy", { as: "vico" }, "bad-data", /no file that torch.save writes/],
  ])("%s as %o", async (file, options, code, message) => {
    await expect(refused(file, options)).rejects.toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  test("the hint is the layout that it looks like", async () => {
    await expect(refused("data.pt", { as: "vico" })).rejects.toMatchObject({
      hint: expect.stringContaining("--as idc"),
    });
    await expect(refused("res_DC_ConvNet_2ipc.pt", { as: "idc" })).rejects.toMatchObject({
      hint: expect.stringContaining("--as vico"),
    });
  });

  test("labels beside images are missing", async () => {
    await writeFile(join(folder, "images_1.pt"), await readFile(join(files, "mtt/images_best.pt")));
    await expect(importSets(join(folder, "images_1.pt"), digits, join(folder, "x"), { as: "mtt" })).rejects.toThrow(
      /there is no file .*labels_1\.pt/,
    );
  });
});
