import { createHash } from "node:crypto";
import { utimes } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { AttarError } from "../../../engine/errors.ts";
import type { PackedImages } from "../../images/packStream.ts";
import { cacheFolder } from "../locate.node.ts";
import { openRegular } from "../regularFile.node.ts";
import { writeAtomic } from "../writeAtomic.node.ts";
import { cacheBound, evict } from "./cacheFiles.node.ts";

/** Packed images with the SHA-256 of their pixels. */
export interface HashedImages extends PackedImages {
  readonly digest: string;
}

const title = "attar-pixels-1";
const piece = 2 ** 24;

const pair = z.tuple([z.string(), z.number().int().nonnegative()]);
const count = z.number().int().nonnegative();
const headerSchema = z.strictObject({
  count,
  channels: z.union([z.literal(1), z.literal(3)]),
  height: z.number().int().positive(),
  width: z.number().int().positive(),
  words: z.boolean(),
  skipped: z.array(count),
  found: z.strictObject({
    sizes: z.array(pair),
    otherSizes: count,
    alpha: count,
    several: count,
    unreadable: z.array(z.string()),
  }),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});

/** The folder of decoded images: $XDG_CACHE_HOME/attar/images, else ~/.cache/attar/images. */
export const pixelCacheFolder = (): string => join(dirname(cacheFolder()), "images");

/** The key of what is decoded from contents in an order, under options and versions: SHA-256 in hex. */
export function pixelKey(contents: readonly string[], how: readonly string[]): string {
  const hash = createHash("sha256").update(`${title}\n${JSON.stringify(how)}\n`);
  for (const content of contents) hash.update(`${content}\n`);
  return hash.digest("hex");
}

const fileOf = (folder: string, key: string) => join(folder, `${key}.pixels`);

/**
 * The images kept under a key. Header and pixels are held against their SHA-256.
 *
 * @returns undefined where there are none, "damaged" where they are not what was written
 */
export async function keptPixels(folder: string, key: string): Promise<HashedImages | "damaged" | undefined> {
  const file = await openRegular(fileOf(folder, key)).catch((error) => {
    if (error instanceof AttarError && error.code === "absent-file") return undefined;
    if (error instanceof AttarError) return "damaged" as const;
    throw error;
  });
  if (file === undefined || file === "damaged") return file;
  try {
    const start = new TextDecoder().decode(await file.read(0, Math.min(file.size, 128)));
    const [, length = "", seal = ""] = /^attar-pixels-1 (\d{1,9}) ([0-9a-f]{64})\n/.exec(start) ?? [];
    const at = title.length + length.length + seal.length + 3;
    const begin = at + Number(length);
    if (seal === "" || begin > file.size) return "damaged";
    const text = await file.read(at, Number(length));
    if (createHash("sha256").update(text).digest("hex") !== seal) return "damaged";
    const { words, ...header } = headerSchema.parse(JSON.parse(new TextDecoder().decode(text)));
    const values = header.count * header.channels * header.height * header.width;
    if (file.size !== begin + values * (words ? 2 : 1)) return "damaged";
    const data = words ? new Uint16Array(values) : new Uint8Array(values);
    const bytes = new Uint8Array(data.buffer);
    const hash = createHash("sha256");
    for (let done = 0; done < bytes.length; done += piece) {
      const part = bytes.subarray(done, done + piece);
      await file.readInto(begin + done, part);
      hash.update(part);
    }
    if (hash.digest("hex") !== header.digest) return "damaged";
    const now = new Date();
    await utimes(fileOf(folder, key), now, now).catch(() => {}); // of a folder that cannot be written the order of use is lost
    return { ...header, data };
  } catch (error) {
    if (error instanceof AttarError || error instanceof z.ZodError || error instanceof SyntaxError) return "damaged";
    throw error;
  } finally {
    await file.close();
  }
}

/** The images with their digest. */
export function hashed(images: PackedImages): HashedImages {
  const { data } = images;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const hash = createHash("sha256");
  for (let at = 0; at < bytes.length; at += piece) hash.update(bytes.subarray(at, at + piece));
  return { ...images, digest: hash.digest("hex") };
}

/**
 * Keeps images under a key: written beside, synced, renamed. Those unused for longest go where all take more than a bound.
 *
 * @param most bytes that the folder may take
 * @throws AttarError "cannot-write"
 */
export async function keepPixels(folder: string, key: string, images: HashedImages, most = cacheBound): Promise<void> {
  const { data, ...header } = images;
  const text = new TextEncoder().encode(JSON.stringify({ ...header, words: data instanceof Uint16Array }));
  const seal = createHash("sha256").update(text).digest("hex");
  const first = new TextEncoder().encode(`${title} ${text.length} ${seal}\n`);
  await writeAtomic(fileOf(folder, key), [first, text, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]);
  await evict(folder, basename(fileOf(folder, key)), most);
}
