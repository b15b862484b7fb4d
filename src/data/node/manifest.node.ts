import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { AttarError } from "../../engine/errors.ts";
import { cannotWrite, writeAtomic } from "./writeAtomic.node.ts";

/** The file that lists what attar wrote into a folder, in the format of `sha256sum`. */
export const manifestName = ".attar.sha256";

/** The SHA-256 of every file that attar wrote, by path from the folder; more than one where a file is being replaced. */
export type Manifest = ReadonlyMap<string, ReadonlySet<string>>;

const line = /^([0-9a-f]{64}) {2}(.+)$/;

/**
 * Reads a folder's manifest; a last line cut short by a crash is passed over.
 *
 * @returns undefined where there is none. @throws AttarError "foreign-files" where a file of that name is something else.
 */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const path = join(folder, manifestName);
  const text = await contentOf(path);
  if (text === undefined) return undefined;
  const lines = text.split("\n");
  const cut = lines.pop()!;
  const parts = lines.filter((written) => written !== "").map((written) => line.exec(written));
  if (parts.includes(null) || !/^[0-9a-f]{0,64}(?: .*)?$/.test(cut)) throw noManifest(path);
  const found = new Map<string, Set<string>>();
  for (const [, digest, file] of parts as RegExpExecArray[])
    found.set(file!, (found.get(file!) ?? new Set()).add(digest!));
  return found;
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    if (!(await lstat(path)).isFile()) throw noManifest(path);
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cannotWrite(path, error);
  }
}

const noManifest = (path: string) =>
  new AttarError("foreign-files", `${path} is no list of files that attar wrote`, "choose another --out folder");

/** Replaces a folder's manifest. @throws AttarError "cannot-write" */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const lines = [...manifest].flatMap(([file, digests]) => [...digests].map((digest) => `${digest}  ${file}\n`));
  await writeAtomic(join(folder, manifestName), lines.sort().join(""));
}

/**
 * Adds files to a folder's manifest before they are written, so that a crash leaves none that is not listed.
 *
 * @throws AttarError "cannot-write"
 */
export async function announce(folder: string, digests: ReadonlyMap<string, string>): Promise<void> {
  const path = join(folder, manifestName);
  const lines = [...digests].map(([file, digest]) => `${digest}  ${file}\n`);
  try {
    const file = await open(path, "a+");
    try {
      const { size } = await file.stat();
      const last = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
      const cut = last.bytesRead === 1 && last.buffer[0] !== 10;
      await file.writeFile(`${cut ? "\n" : ""}${lines.join("")}`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** The SHA-256 of bytes or text, in hex. */
export const digestOf = (content: Uint8Array | string) => createHash("sha256").update(content).digest("hex");

/** The SHA-256 of a file's content, in hex. */
export async function digestOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece);
  return hash.digest("hex");
}
