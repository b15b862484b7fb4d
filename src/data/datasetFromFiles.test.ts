import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { datasetFromFiles } from "./datasetFromFiles.ts";
import { encodeNpz } from "./formats/npz.ts";
import { encodePng } from "./formats/png.ts";

const png = (value: number) => encodePng({ channels: 1, height: 8, width: 8, data: new Uint8Array(64).fill(value) });
const file = (path: string, content: Uint8Array | string) => ({
  path,
  blob: new Blob([typeof content === "string" ? content : new Uint8Array(content)]),
});
const images = () =>
  ["cat", "dog"].flatMap((name, c) =>
    Array.from({ length: 10 }, (_, i) => [`pets/${name}/${i}.png`, png(100 * c + i)] as const),
  );

describe("data from files that a person chose", () => {
  test("a folder of images, and a zip archive of it, are the same data", async () => {
    const folder = await datasetFromFiles(
      "pets",
      images().map(([path, bytes]) => file(path, bytes)),
    );
    const archive = file("pets.zip", zipSync(Object.fromEntries(images())));
    const zipped = await datasetFromFiles("pets", [archive]);
    expect(zipped.checksum).toBe(folder.checksum);
    expect(folder.classes).toEqual(["cat", "dog"]);
    expect(folder.shape).toEqual([1, 8, 8]);
  });

  test("a share is held out where there is no test split, of each class alike", async () => {
    const { train, test: held } = await datasetFromFiles(
      "pets",
      images().map(([path, bytes]) => file(path, bytes)),
      { testShare: 0.2 },
    );
    expect([train.labels.length, held.labels.length]).toEqual([16, 4]);
    expect([...held.labels].filter((label) => label === 0).length).toBe(2);
  });

  const rows = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => `${from + i},${(from + i) / 2},${(from + i) % 2 ? "odd" : "even"}`);

  test("a table with a test split in a file of its own", async () => {
    const header = "a,b,label";
    const dataset = await datasetFromFiles("numbers", [
      file("test.csv", [header, ...rows(20, 30)].join("\n")),
      file("train.csv", [header, ...rows(0, 20)].join("\n")),
    ]);
    expect(dataset.classes).toEqual(["even", "odd"]);
    expect([dataset.train.labels.length, dataset.test.labels.length]).toEqual([20, 10]);
    expect(dataset.domain.kind).toBe("table");
  });

  test("a table without one holds out a share before anything is fitted", async () => {
    const text = ["a,b,label", ...rows(0, 20), ",1,even"].join("\n");
    const dataset = await datasetFromFiles("numbers", [file("numbers.csv", text)], { testShare: 0.25 });
    expect(dataset.test.labels.length).toBe(6);
    expect(dataset.train.labels.length).toBe(15);
  });

  test("named arrays", async () => {
    const npz = encodeNpz({
      x_train: { shape: [4, 3], data: Float32Array.from({ length: 12 }, (_, i) => i / 3) },
      y_train: { shape: [4], data: Int32Array.of(0, 1, 0, 1) },
    });
    const dataset = await datasetFromFiles("arrays", [file("arrays.npz", npz)]);
    expect(dataset.classes.length).toBe(2);
    expect(dataset.train.labels.length).toBe(4);
  });

  test("what is none of them is refused in one sentence", async () => {
    await expect(datasetFromFiles("x", [])).rejects.toMatchObject({ code: "bad-data" });
    await expect(datasetFromFiles("x", [file("x.zip", zipSync({ "a.txt": new Uint8Array(3) }))])).rejects.toThrow(
      /holds 1 files and no image/,
    );
  });
});
