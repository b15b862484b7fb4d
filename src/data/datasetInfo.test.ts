import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { resolveConfiguration } from "../condense/configuration.ts";
import { smallClassNotes } from "../condense/index.ts";
import { methods } from "../methods/index.ts";
import { infoOf, infoOfKnown, knownDatasets, load, makeDataset } from "./index.ts";
import { datasetInfo } from "./node/datasetInfo.node.ts";

const digits = await load("digits");
const info = infoOf(digits);

test("an info is plain data, counts its samples, and is its own info", () => {
  expect(JSON.parse(JSON.stringify(info))).toEqual(info);
  expect(info.counts).toEqual(knownDatasets.find(({ name }) => name === "digits")!.counts);
  expect(info).toMatchObject({ name: "digits", checksum: digits.checksum, whitened: false, domain: { kind: "image" } });
  expect(info.normalisation).toMatch(/^channel: scale 16, mean /);
  expect(infoOf(info)).toBe(info);
});

test.each(methods.map((method) => [method.name, method] as const))(
  "%s resolves by an info as by its dataset",
  (_, method) => {
    for (const preset of ["laptop", "paper"] as const)
      for (const ipc of [1, 10, 139]) {
        const of = (data: typeof digits | typeof info) => {
          try {
            return [
              resolveConfiguration(data, method, { ipc, preset }),
              smallClassNotes(data, method, { ipc, preset }),
            ];
          } catch (error) {
            return String(error);
          }
        };
        expect(of(info)).toEqual(of(digits));
      }
  },
);

test("whitened data are known as such", async () => {
  const { name, shape, classes, train, source } = digits;
  const few = { images: train.images.slice(0, 64 * 200), labels: train.labels.slice(0, 200) };
  const whitened = infoOf(await makeDataset({ name, shape, classes, train: few, scale: 16, source }, "zca"));
  expect(whitened).toMatchObject({ whitened: true, normalisation: expect.stringMatching(/^zca: /) });
  const idc = methods.find((method) => method.name === "idc")!;
  expect(() => resolveConfiguration(whitened, idc, { ipc: 1 })).toThrow(/whitened/);
});

test("the numbers of images of known datasets add up", () => {
  const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
  expect(knownDatasets.map(({ name, counts }) => [name, sum(counts.train), sum(counts.test)])).toEqual([
    ["digits", 1438, 359],
    ["mnist", 60000, 10000],
    ["fashion-mnist", 60000, 10000],
    ["cifar-10", 50000, 10000],
    ["cifar-100", 50000, 10000],
    ["svhn", 73257, 26032],
  ]);
  for (const { classes, counts } of knownDatasets)
    expect([counts.train.length, counts.test.length]).toEqual([classes.length, classes.length]);
});

test("digits are read, and MNIST need not be on the machine", async () => {
  expect(await datasetInfo("digits")).toEqual(info);
  const root = process.env.ATTAR_DATA;
  process.env.ATTAR_DATA = "/nowhere";
  try {
    expect(await datasetInfo("mnist")).toMatchObject({
      known: "mnist",
      normalisation: "channel: scale 255, mean 0.1307, std 0.3081",
      counts: { train: expect.arrayContaining([5421, 6742]) },
    });
  } finally {
    if (root === undefined) delete process.env.ATTAR_DATA;
    else process.env.ATTAR_DATA = root;
  }
});

/** Official files that are on this machine. */
const here = ["mnist", "cifar-10"].filter((name) => existsSync(`${process.env.ATTAR_DATA ?? ""}/${name}`));

test.runIf(here.length > 0)("what is known beforehand is what is read", async () => {
  for (const name of here) {
    const known = knownDatasets.find((dataset) => dataset.name === name)!;
    expect(infoOfKnown(known)).toEqual(infoOf(await load(name)));
    expect(infoOfKnown(known, "none")).toEqual(infoOf(await load(name, { normalisation: "none" })));
  }
});
