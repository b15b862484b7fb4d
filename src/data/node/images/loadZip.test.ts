import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { load } from "../load.node.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "attar-zip-"));
});
afterAll(() => rm(root, { recursive: true }));

const jpeg = (value: number, width = 8, height = 8) =>
  sharp({ create: { width, height, channels: 3, background: { r: value, g: value, b: value } } })
    .jpeg()
    .toBuffer();
async function archive(files: Record<string, Uint8Array>): Promise<string> {
  const path = join(root, `${Object.keys(files).length}-${Math.random()}.zip`);
  await writeFile(path, zipSync(files));
  return path;
}

test("a zip archive is read as the folder it was made of", async () => {
  const path = await archive({
    "pets/train/cat/1.jpg": await jpeg(10),
    "pets/train/dog/images/2.JPEG": await jpeg(60, 9, 7),
    "pets/Val/dog/3.jpg": await jpeg(200),
    "__MACOSX/pets/train/cat/._1.jpg": new Uint8Array(3),
    "pets/readme.txt": new Uint8Array(3),
  });
  const set = await load(path, { size: "4", grey: true });
  expect([set.classes, [...set.train.images].filter((_, i) => i % 16 === 0), [...set.test.images].slice(0, 1)]).toEqual(
    [["cat", "dog"], [10, 60], [200]],
  );
  expect([set.reading?.format, set.reading?.testSplit]).toEqual(["a zip archive of images", "Val"]);
});

test("metadata.jsonl and metadata.csv say what the labels are", async () => {
  const images = { "train/1.jpg": await jpeg(10), "train/2.jpg": await jpeg(60), "test/x/1.jpg": await jpeg(200) };
  const text = (lines: string[]) => new TextEncoder().encode(lines.join("\n"));
  const path = await archive({
    ...images,
    "train/metadata.jsonl": text(['{"file_name":"1.jpg","label":"dog"}', '{"file_name":"2.jpg","label":"cat"}', ""]),
    "test/metadata.csv": text(["file_name,caption,label", 'x/1.jpg,"a, b",dog']),
  });
  const set = await load(path, { grey: true });
  expect([set.classes, [...set.train.labels], [...set.test.labels], set.train.images[0]]).toEqual([
    ["cat", "dog"],
    [1, 0],
    [1],
    10,
  ]);
  expect(set.reading?.labels).toBe("the column label of metadata.jsonl");
});

test.each([
  ["../../secret.jpg", "which does not lie in the dataset"],
  ["/etc/passwd", "which does not lie in the dataset"],
  ["other.jpg", "which is not there"],
])("a list that names %s is refused", async (file, message) => {
  const list = new TextEncoder().encode(`${JSON.stringify({ file_name: file, label: 1 })}\n`);
  const path = await archive({ "train/1.jpg": await jpeg(1), "train/metadata.jsonl": list });
  await expect(load(path)).rejects.toThrow(message);
});

test("an archive without images is refused with a command that unpacks it", async () => {
  const path = await archive({ "train.csv": new TextEncoder().encode("a,label\n1,2\n") });
  await expect(load(path)).rejects.toMatchObject({
    message: expect.stringContaining("the archive holds 1 files and no image"),
    hint: expect.stringContaining(`unzip ${path} -d ${path.slice(0, -4)}`),
  });
});
