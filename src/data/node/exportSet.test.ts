import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parquetPixels } from "../../../test/fixtures/files/parquetPixels.ts";
import { AttarError } from "../../engine/errors.ts";
import type { CondensedSet } from "../dataset.ts";
import { writeCondensed } from "./condensedFile.node.ts";
import { exportSet } from "./exportSet.node.ts";
import { load } from "./load.node.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "attar-export-"));
});
afterAll(() => rm(root, { recursive: true }));

const folder = () => mkdtemp(join(root, "f"));

const set: CondensedSet = {
  images: Float32Array.from({ length: 4 * 48 }, (_, i) => ((i * 29) % 100) / 25 - 2),
  shape: [3, 4, 4],
  labels: Int32Array.of(0, 0, 1, 1),
  classes: ["cat", "a/dog"],
  normalisation: { scale: 255, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
  dataset: "pets",
  datasetChecksum: "00",
  method: "dm",
  ipc: 2,
  augmentation: "",
};

test("each export reads back as a dataset", async () => {
  const at = await folder();
  await exportSet(set, "parquet", at);
  await exportSet(set, "imagefolder", join(at, "folder"));
  await exportSet(set, "npz", join(at, "npz"));
  const parquet = await load(at);
  expect([parquet.classes, parquet.shape, [...parquet.train.labels]]).toEqual([
    ["cat", "a/dog"],
    [3, 4, 4],
    [0, 0, 1, 1],
  ]);
  const images = await load(join(at, "folder"));
  expect(images.classes).toEqual(["a_dog", "cat"]);
  expect(images.train.images.subarray(96)).toEqual(parquet.train.images.subarray(0, 96));
  await expect(load(join(at, "npz", "condensed.npz"))).rejects.toThrow("is a condensed set, not a dataset");
  await expect(exportSet(set, "parket", at)).rejects.toMatchObject({ hint: "Did you mean parquet?", exitCode: 2 });
});

test("truncated and mutated Parquet: an AttarError or a result", async () => {
  const at = await folder();
  const [path] = await exportSet(set, "parquet", at);
  const bytes = new Uint8Array(await readFile(path!));
  const tolerates = async (mutated: Uint8Array) => {
    try {
      await parquetPixels(mutated);
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(AttarError);
      return false;
    }
  };
  for (let i = 0; i < 60; i++) expect(await tolerates(bytes.slice(0, Math.floor((bytes.length * i) / 60)))).toBe(false);
  const edit = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 5 }), async (edits) => {
      const mutated = bytes.slice();
      for (const [offset, value] of edits) mutated[offset] = value;
      await tolerates(mutated);
    }),
    { numRuns: 150 },
  );
});

test("a condensed set is not taken for a dataset", async () => {
  const path = join(await folder(), "condensed.safetensors");
  await writeCondensed(path, set);
  await expect(load(path)).rejects.toMatchObject({
    name: "AttarError",
    code: "bad-data",
    exitCode: 2,
    message: expect.stringMatching("is a condensed set"),
  });
});
