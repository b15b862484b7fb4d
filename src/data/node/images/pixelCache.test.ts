import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodePng } from "../../formats/png.ts";
import { load } from "../load.node.ts";
import { cacheFiles, clearCache } from "./cacheFiles.node.ts";
import { hashed, keepPixels, keptPixels } from "./pixelCache.node.ts";

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

test("the files unused for longest go where the folder takes more than it may; clearing leaves what is not the cache's", async () => {
  const at = await mkdtemp(join(root, "e"));
  const images = (count: number) => {
    const found = { sizes: [], otherSizes: 0, alpha: 0, several: 0, unreadable: [] };
    const data = new Uint8Array(1000 * count);
    return hashed({ count, channels: 1, height: 10, width: 100, data, skipped: [], found });
  };
  const [first, second, third] = ["a", "b", "c"].map((letter) => letter.repeat(64)) as [string, string, string];
  await writeFile(join(at, "notes.txt"), "a person's own");
  await keepPixels(at, first, images(3));
  await keepPixels(at, second, images(3));
  for (const [name, seconds] of [
    [first, 1000],
    [second, 2000],
  ] as const)
    await utimes(join(at, `${name}.pixels`), seconds, seconds);
  expect(await keptPixels(at, first)).toMatchObject({ count: 3 }); // used now
  await keepPixels(at, third, images(3), 8000);
  expect((await pixelFiles(at)).sort()).toEqual([`${first}.pixels`, `${third}.pixels`]);
  await keepPixels(at, second, images(9), 8000);
  expect(await pixelFiles(at)).toEqual([`${second}.pixels`]);
  expect((await clearCache(at)).map(({ name }) => name)).toEqual([`${second}.pixels`]);
  expect(await readdir(at)).toEqual(["notes.txt"]);
  expect(await cacheFiles(join(at, "absent"))).toEqual([]);
});
