import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { folderContent } from "../../../test/fixtures/folderContent.ts";
import type { CodedForm, CondensedSet } from "../dataset.ts";
import { type ExportFormat, exportFormats, exportSet } from "./exportSet.node.ts";

let root: string;
let at: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "attar-own-"));
});
beforeEach(async () => {
  at = await mkdtemp(join(root, "f"));
});
afterAll(() => rm(root, { recursive: true }));

/** A set of two classes with so many images each; equal seeds give equal images. */
const setOf = (each: number, seed = 0): CondensedSet => ({
  images: Float32Array.from({ length: 2 * each * 16 }, (_, i) => ((i * 29 + seed) % 100) / 25 - 2),
  shape: [1, 4, 4],
  labels: Int32Array.from({ length: 2 * each }, (_, i) => (i < each ? 0 : 1)),
  classes: ["cat", "dog"],
  normalisation: { scale: 255, mean: [0.5], std: [0.25] },
  dataset: "pets",
  datasetChecksum: "00",
  method: "dm",
  ipc: each,
  augmentation: "",
});

/** A set that a format holds: rows of a table for CSV, pictures else. */
/** Codes of as many numbers as a class has images. */
const formOf = (each: number): CodedForm => ({
  space: "latent",
  options: {},
  variables: { z: { shape: [each], data: new Float32Array(each) } },
  codes: each,
  decoder: 0,
  renderings: 1,
});

function setFor(format: ExportFormat, each: number, seed = 0): CondensedSet {
  const set = setOf(each, seed);
  const alike = (value: number) => Array<number>(16).fill(value);
  if (format === "codes") return { ...set, form: formOf(each) };
  if (format !== "csv") return set;
  return { ...set, shape: [16, 1, 1], normalisation: { scale: 1, mean: alike(0.5), std: alike(0.25) } };
}

/** The files of an export that lie in a folder, without the manifest. */
const names = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name !== ".attar.sha256")
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

const put = async (path: string, content = "the user's") => {
  await mkdir(join(at, path, ".."), { recursive: true });
  await writeFile(join(at, path), content);
};

/** Expects an export to be refused with a sentence about a path, and the whole folder to stay as it is. */
async function refused(format: ExportFormat, about: RegExp): Promise<void> {
  const before = folderContent(root);
  await expect(exportSet(setFor(format, 2), format, at)).rejects.toMatchObject({
    code: "foreign-files",
    exitCode: 2,
    message: expect.stringMatching(about),
    hint: expect.stringMatching(/^choose another --out folder/),
  });
  expect(folderContent(root)).toEqual(before);
}

describe("an export leaves alone what attar did not write", () => {
  test.each<[ExportFormat, string]>([
    ["imagefolder", "train/cat/0.png"],
    ["imagefolder", "train/cat/7.png"],
    ["imagefolder", "train/dog/rex.png"],
    ["imagefolder", "train/fish/0.png"],
    ["imagefolder", "train/labels.csv"],
    ["imagefolder", "train"],
    ["png", "images/cat/1.png"],
    ["png", "images/dog/99.png"],
    ["png", "grid.png"],
    ["parquet", "data/train-00000-of-00001.parquet"],
    ["parquet", "data/test-00000-of-00001.parquet"],
    ["npz", "condensed.npz"],
    ["npz", "condensed.npz/x"],
    ["npz", ".attar.sha256"],
  ])("%s over %s", async (format, path) => {
    await put(path);
    await refused(format, /(was not written by attar|is not attar's|is no list of files that attar wrote)/);
  });

  test.each<[ExportFormat, string]>([
    ["imagefolder", "train"],
    ["imagefolder", "train/cat"],
    ["imagefolder", "train/cat/0.png"],
    ["png", "images"],
    ["png", "images/dog"],
    ["png", "grid.png"],
    ["parquet", "data"],
    ["npz", "condensed.npz"],
  ])("%s through a link at %s", async (format, path) => {
    await exportSet(setFor(format, 3), format, at);
    await rename(join(at, path), join(at, "elsewhere"));
    await symlink(join(at, "elsewhere"), join(at, path));
    await refused(format, /is a link, and attar writes through none/);
  });

  test.each(exportFormats)("%s over its own file that was changed since", async (format) => {
    await exportSet(setFor(format, 3), format, at);
    const [file] = await names(at);
    await put(file!, "improved by hand");
    await refused(format, /has been changed since attar wrote it/);
  });

  test("other files beside those of the export stay", async () => {
    for (const path of ["test/cat/0.png", "notes.txt", "train.csv", "condensed.npz.bak"]) await put(path);
    for (const format of exportFormats) await exportSet(setFor(format, 3), format, at);
    for (const format of exportFormats) await exportSet(setFor(format, 2), format, at);
    for (const path of ["test/cat/0.png", "notes.txt", "train.csv", "condensed.npz.bak"])
      expect(await readFile(join(at, path), "utf8")).toBe("the user's");
  });
});

describe("an export replaces its own", () => {
  test.each(exportFormats)("%s: a smaller set over a larger one gives the files of the smaller one", async (format) => {
    const fresh = await mkdtemp(join(root, "fresh"));
    await exportSet(setFor(format, 3, 1), format, at);
    await exportSet(setFor(format, 2), format, at);
    await exportSet(setFor(format, 2), format, fresh);
    expect(await names(at)).toEqual(await names(fresh));
    for (const name of [...(await names(fresh)), ".attar.sha256"])
      expect(await readFile(join(at, name))).toEqual(await readFile(join(fresh, name)));
  });

  test("classes that are gone take their empty folders along", async () => {
    await exportSet({ ...setOf(2), classes: ["cat", "wolf"] }, "imagefolder", at);
    await exportSet(setOf(2), "imagefolder", at);
    expect(await readdir(join(at, "train"))).toEqual(["cat", "dog"]);
  });

  test("the manifest is what sha256sum would write", async () => {
    await exportSet(setOf(1), "png", at);
    const digest = async (name: string) =>
      createHash("sha256")
        .update(await readFile(join(at, name)))
        .digest("hex");
    const lines = (await readFile(join(at, ".attar.sha256"), "utf8")).trimEnd().split("\n");
    const expected = await Promise.all(
      ["grid.png", "images/cat/0.png", "images/dog/0.png"].map(async (name) => `${await digest(name)}  ${name}`),
    );
    expect(lines).toEqual(expected.sort());
  });

  test("where an earlier version wrote the same set without a manifest", async () => {
    for (const format of exportFormats) await exportSet(setFor(format, 2), format, at);
    await rm(join(at, ".attar.sha256"));
    const before = await names(at);
    for (const format of exportFormats) await exportSet(setFor(format, 2), format, at);
    expect(await names(at)).toEqual(before);
    await rm(join(at, ".attar.sha256"));
    await expect(exportSet(setOf(3, 5), "npz", at)).rejects.toMatchObject({ code: "foreign-files" });
  });
});

describe("after a kill", () => {
  test("temporary files are removed, and only attar's", async () => {
    await exportSet(setOf(2), "png", at);
    const own = ["images/cat/.0.png.4711.0a1b2c3d.tmp", ".grid.png.12.deadbeef.tmp", "..attar.sha256.9.00000000.tmp"];
    const others = ["images/cat/.0.png.swp", ".grid.png.tmp", ".notes.txt.12.deadbeef.tmp"];
    for (const path of [...own, ...others]) await put(path);
    await exportSet(setOf(2), "png", at);
    const left = await names(at);
    expect(own.filter((path) => left.includes(path))).toEqual([]);
    expect(others.filter((path) => left.includes(path))).toEqual(others);
  });

  test("between the list and the files, and in the middle of a line, the next export goes through", async () => {
    await exportSet(setOf(3), "imagefolder", at);
    const listed = await readFile(join(at, ".attar.sha256"), "utf8");
    await exportSet(setOf(2, 9), "imagefolder", at);
    const next = await readFile(join(at, ".attar.sha256"), "utf8");
    await rm(join(at, "train/cat/0.png"));
    await writeFile(join(at, ".attar.sha256"), listed + next + next.slice(0, 30));
    await exportSet(setOf(2), "imagefolder", at);
    expect(await names(at)).toHaveLength(4);
    await exportSet(setOf(1, 3), "imagefolder", at);
    expect(await names(at)).toEqual(["train/cat/0.png", "train/dog/0.png"]);
  });
});
