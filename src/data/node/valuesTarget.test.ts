import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { CondensedSet } from "../dataset.ts";
import { encodeNpz } from "../formats/npz.ts";
import { originalValues } from "../valuesTarget.ts";
import { readCondensed, writeCondensed } from "./condensedFile.node.ts";
import { exportSet } from "./exportSet.node.ts";
import { load } from "./load.node.ts";

const folder = await mkdtemp(join(tmpdir(), "attar-values-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const y = (i: number) => i * 0.5 - 3;
const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `${from + i},${y(from + i)},${(i * 7) % 5},${2 * i}`);
await writeFile(join(folder, "train.csv"), ["a,price,b,z", ...rows(0, 20), ""].join("\n"));
await writeFile(join(folder, "test.csv"), ["z,b,price,a", "3,1,-1.25,7", "4,2,8,30", ""].join("\n"));
const csv = join(folder, "train.csv");
const round = (values: ArrayLike<number>) => Array.from(values, (v) => Math.round(v * 1e4) / 1e4 + 0);

describe("a CSV", () => {
  test("has its label column for a number to predict, and columns of the test split by name", async () => {
    const data = await load(csv, { label: "price", target: "values", bins: 4, drop: ["z"] });
    expect(data).toMatchObject({ shape: [2, 1, 1], target: { names: ["price"] }, domain: { kind: "table" } });
    expect(round(originalValues(data.train.values!, data.target!))).toEqual(Array.from({ length: 20 }, (_, i) => y(i)));
    expect(round(originalValues(data.test.values!, data.target!))).toEqual([-1.25, 8]);
    expect([...data.train.images.subarray(0, 6)]).toEqual([0, 0, 1, 2, 2, 4]);
    expect([...data.test.images]).toEqual([7, 1, 30, 2]);
    expect([...data.test.labels]).toEqual([0, 3]);
    expect([...data.train.labels]).toEqual(Array.from({ length: 20 }, (_, i) => Math.floor(i / 5)));
    expect(data.classes[0]).toBe("price up to -1");
    expect(data.reading!.notes.join()).toMatch(/4 bins, which stand in for classes/);
  });

  test("has several of them where several are named", async () => {
    const data = await load(csv, { label: "price,z", target: "values" });
    expect(data.target!.names).toEqual(["price", "z"]);
    expect(round(originalValues(data.train.values!, data.target!)).slice(0, 4)).toEqual([-3, 0, -2.5, 2]);
    expect(round(originalValues(data.test.values!, data.target!))).toEqual([-1.25, 3, 8, 4]);
  });

  test("has the last column of numbers where none is named", async () => {
    expect((await load(csv, { target: "values" })).target!.names).toEqual(["z"]);
  });

  test("has another checksum for other numbers of the same bins", async () => {
    const other = join(folder, "other.csv");
    await writeFile(other, (await readFile(csv, "utf8")).replace("\n19,6.5,", "\n19,9.5,"));
    const of = async (path: string) => {
      const { checksum, train } = await load(path, { label: "price", target: "values", drop: ["z"] });
      return { checksum, labels: train.labels };
    };
    const [one, two] = [await of(csv), await of(other)];
    expect(two.labels).toEqual(one.labels);
    expect(two.checksum).not.toBe(one.checksum);
  });

  test.each([
    [{ label: "price" }, /it holds decimals, no classes/, /--target values/],
    [{ label: "price", target: "values", drop: ["price"] }, /both the label and dropped/, /leave it out/],
    [{ label: "nothing", target: "values" }, /no column "nothing"/, /--label/],
    [{ label: "price", bins: 3 }, /--bins/, /--target values/],
    [{ label: "price", target: "values", bins: 1 }, /--bins takes a whole number of at least 2/, /--bins 5/],
  ] as const)("read with %j is refused", async (options, message, hint) => {
    await expect(load(csv, options as object)).rejects.toThrow(
      expect.objectContaining({
        exitCode: 2,
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      }),
    );
  });
});

describe("named arrays", () => {
  const floats = (shape: number[], of: (i: number) => number) => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => of(i)),
  });
  const arrays = {
    x_train: floats([12, 3], (i) => Math.sin(i)),
    y_train: floats([12, 2], (i) => i / 3),
    x_test: floats([4, 3], (i) => Math.cos(i)),
    y_test: floats([4, 2], (i) => i),
  };

  test("hold numbers to predict, [n, k]", async () => {
    const path = join(folder, "two.npz");
    await writeFile(path, encodeNpz(arrays));
    const data = await load(path, { target: "values" });
    expect(data.target!.names).toEqual(["y_train 1", "y_train 2"]);
    expect(round(originalValues(data.test.values!, data.target!))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await expect(load(path)).rejects.toThrow(/not one-hot/);
  });
});

describe("a condensed set with numbers to predict", () => {
  const set: CondensedSet = {
    images: Float32Array.of(-1, 0.5, 1, 2),
    shape: [2, 1, 1],
    labels: Int32Array.of(0, 1),
    values: Float32Array.of(-0.5, 1.5),
    target: { names: ["price, net"], mean: [100], std: [20] },
    classes: ["low", "high"],
    normalisation: { scale: 1, mean: [10, 0], std: [2, 4], range: { low: [0, 0], high: [20, 9] } },
    dataset: "shop",
    datasetChecksum: "ab",
    method: "kip",
    ipc: 1,
    augmentation: "",
  };

  test("is what was written, from its file and from its export", async () => {
    const path = join(folder, "set.safetensors");
    await writeCondensed(path, set);
    expect(await readCondensed(path)).toEqual(set);
    const [npz] = await exportSet(set, "npz", join(folder, "npz"));
    expect(await readCondensed(npz!)).toEqual(set);
  });

  test("is exported as a CSV in the units of its columns", async () => {
    const [path] = await exportSet(set, "csv", join(folder, "csv"));
    expect(await readFile(path!, "utf8")).toBe('feature1,feature2,"price, net"\n8,2,90\n12,8,130\n');
    const read = await load(path!, { target: "values", label: "price, net" });
    expect(round(originalValues(read.train.values!, read.target!))).toEqual([90, 130]);
  });

  test("is no picture", async () => {
    await expect(exportSet(set, "png", join(folder, "png"))).rejects.toThrow(
      expect.objectContaining({ code: "no-pictures" }),
    );
    const images = { ...set, shape: [1, 1, 2] as const, normalisation: { scale: 1, mean: [0], std: [1] } };
    await expect(exportSet(images, "parquet", join(folder, "p"))).rejects.toThrow(/predicts price, net/);
    await expect(exportSet(images, "csv", join(folder, "c"))).rejects.toThrow(/rows of a table/);
  });
});
