import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodePng } from "../../formats/png.ts";
import { load } from "../load.node.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "attar-pixels-"));
});
afterAll(() => rm(root, { recursive: true }));

const png = (value: number) => encodePng({ channels: 1, height: 2, width: 2, data: new Uint8Array(4).fill(value) });

/** A folder of 600 images, old enough for the index to trust, and an empty folder for the cache. */
async function dataset() {
  const at = await mkdtemp(join(root, "d"));
  for (const name of ["a", "b"]) {
    await mkdir(join(at, "set", name), { recursive: true });
    for (let i = 0; i < 300; i++) await writeFile(join(at, "set", name, `${i}.png`), png(i % 200));
  }
  return { folder: join(at, "set"), imageCache: join(at, "cache") };
}
const pixelFiles = async (cache: string) => (await readdir(cache)).filter((name) => name.endsWith(".pixels"));

/** Loads, and says whether any image was decoded. */
async function loaded(folder: string, imageCache: string | false, size?: string) {
  let decoded = 0;
  const onProgress = ({ done, note }: { done: number; note: string }) => {
    if (note.startsWith("decoding")) decoded = done;
  };
  const set = await load(folder, { imageCache, onProgress, ...(size !== undefined && { size }) });
  return { decoded, checksum: set.checksum, notes: set.reading?.notes, first: set.train.images[0], set };
}

test("a dataset is decoded once, and again for another size or other contents", async () => {
  const { folder, imageCache } = await dataset();
  const plain = await loaded(folder, false);
  const first = await loaded(folder, imageCache);
  const second = await loaded(folder, imageCache);
  expect([plain.decoded, first.decoded, second.decoded]).toEqual([600, 600, 0]);
  expect([first.checksum, second.checksum]).toEqual([plain.checksum, plain.checksum]);
  expect(second.set.train).toEqual(plain.set.train);
  expect((await loaded(folder, imageCache, "3")).decoded).toBe(600);
  await writeFile(join(folder, "a", "0.png"), png(99));
  await utimes(join(folder, "a", "0.png"), 1e9, 1e9);
  const changed = await loaded(folder, imageCache);
  expect([changed.decoded, changed.first]).toEqual([600, 99]);
  await rename(folder, `${folder}-moved`);
  expect((await loaded(`${folder}-moved`, imageCache)).decoded).toBe(0);
});

test.each([
  ["a pixel", (bytes: Buffer) => bytes.fill(bytes.at(-1)! ^ 1, bytes.length - 1)],
  ["the header", (bytes: Buffer) => bytes.fill(bytes[100]! ^ 1, 100, 101)],
  ["its end", (bytes: Buffer) => bytes.subarray(0, -1)],
  ["all of it", () => Buffer.alloc(0)],
])("a kept file of which %s is damaged is made again, and said to be", async (_, damage) => {
  const { folder, imageCache } = await dataset();
  const { checksum } = await loaded(folder, imageCache);
  const [file] = await pixelFiles(imageCache);
  await writeFile(join(imageCache, file!), damage(await readFile(join(imageCache, file!))));
  const again = await loaded(folder, imageCache);
  expect([again.decoded, again.checksum]).toEqual([600, checksum]);
  expect(again.notes?.join()).toContain("the decoded images that were kept are damaged: they are made again");
  expect((await loaded(folder, imageCache)).decoded).toBe(0);
});

test("a cache that cannot be written is said, and costs nothing else", async () => {
  const { folder } = await dataset();
  const file = join(root, "file");
  await writeFile(file, "");
  const { decoded, notes } = await loaded(folder, join(file, "cache"));
  expect([decoded, notes?.join()]).toEqual([
    600,
    expect.stringContaining("the decoded images are not kept: cannot write"),
  ]);
});
