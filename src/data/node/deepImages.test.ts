import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as bytes from "../../../test/fixtures/files/bytes.ts";
import { cell, parquetFile, plainPage } from "../../../test/fixtures/files/parquetFile.ts";
import { pngFile } from "../../../test/fixtures/files/pngFile.ts";
import { normalise } from "../normalise.ts";
import { load } from "./load.node.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "attar-deep-"));
});
afterAll(() => rm(root, { recursive: true }));

/** Values of a 12-bit scanner in a 16-bit PNG: 81 to 201, of which the high byte is 0. */
const scan = (from: number) =>
  pngFile({ width: 4, height: 4, depth: 16, type: 0, sample: (x, y) => from + 8 * (4 * y + x) });
const plain = pngFile({ width: 4, height: 4, depth: 8, type: 0, sample: (x) => x });

async function folder(files: Record<string, Uint8Array>): Promise<string> {
  const at = await mkdtemp(join(root, "f"));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(at, name, ".."), { recursive: true });
    await writeFile(join(at, name), content);
  }
  return at;
}

test("a folder of 16-bit images keeps all of their levels, on a scale of 65535", async () => {
  const set = await load(await folder({ "a/1.png": scan(81), "b/1.png": scan(82) }));
  expect([...set.train.images.subarray(0, 4)]).toEqual([81, 89, 97, 105]);
  expect([...set.train.images.subarray(16, 20)]).toEqual([82, 90, 98, 106]);
  expect(set.normalisation.scale).toBe(65535);
  expect(set.normalisation.std[0]).toBeCloseTo(Math.sqrt((64 * (256 - 1)) / 12 + 0.25) / 65535, 8);
  const seen = [...normalise(set, "train").data] as number[];
  expect(Math.max(...seen) - Math.min(...seen)).toBeGreaterThan(3);
});

test("images of 8 bits among them are stretched, also where only the test split has 16", async () => {
  const mixed = await load(await folder({ "a/1.png": plain, "b/1.png": scan(81) }));
  expect([...mixed.train.images.subarray(0, 4)]).toEqual([0, 257, 514, 771]);
  const split = await load(await folder({ "train/a/1.png": plain, "train/b/1.png": plain, "test/a/1.png": scan(500) }));
  expect([split.normalisation.scale, split.train.images[1], split.test.images[1]]).toEqual([65535, 257, 508]);
  const bytesOnly = await load(await folder({ "a/1.png": plain, "b/1.png": plain }));
  expect([bytesOnly.normalisation.scale, bytesOnly.train.images.constructor]).toEqual([255, Uint8Array]);
});

test("Parquet of 16-bit images", async () => {
  const images = { name: "image", type: 6, values: 2, bytes: plainPage(bytes.join(cell(scan(81)), cell(plain)), 2) };
  const labels = { name: "label", type: 1, values: 2, bytes: plainPage(bytes.u32(0, 1), 2) };
  const at = await folder({ "x.parquet": parquetFile([{ rows: 2, columns: [images, labels] }], 2) });
  const set = await load(join(at, "x.parquet"));
  expect([set.normalisation.scale, set.train.images[1], set.train.images[17]]).toEqual([65535, 89, 257]);
});
