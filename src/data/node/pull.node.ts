import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { AttarError, nearest } from "../../engine/errors.ts";
import { inflateLimit } from "../formats/inflateLimit.ts";
import { parseTar } from "../formats/tar.ts";
import { download, isComplete } from "./download.node.ts";
import { cacheFolder } from "./locate.node.ts";
import { nativeInflate } from "./nativeInflate.node.ts";
import { readRaw } from "./readBytes.node.ts";
import { type SourceFile, sources } from "./sources.ts";
import { makeFolder, writeAtomic } from "./writeAtomic.node.ts";

/** How far a pull is. */
export interface PullProgress {
  readonly file: string;
  /** Bytes of all the dataset's files that are on disk, and that there are. */
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface PullOptions {
  /** A mirror: files come from `<baseUrl>/<dataset>/<file>`. Default: the official addresses. */
  readonly baseUrl?: string;
  /** Where to put it. Default: the cache, where `load` looks. */
  readonly folder?: string;
  readonly onProgress?: (progress: PullProgress) => void;
  readonly signal?: AbortSignal;
  /** What to fetch, in place of the built-in table. */
  readonly files?: readonly SourceFile[];
}

/**
 * Fetches a dataset's official files over HTTPS, each checked for its size and SHA-256, into the cache. What is there is
 * not fetched again; an interrupted transfer goes on where it stopped.
 *
 * @returns the dataset's folder
 * @throws AttarError "unknown-dataset" (exit 2), "download-failed" and "cannot-write" (exit 1), "interrupted" (exit 4)
 */
export async function pull(name: string, options: PullOptions = {}): Promise<string> {
  const files = (options.files ?? sourcesOf(name)).map((source) => mirrored(source, name, options.baseUrl));
  const folder = options.folder ?? join(cacheFolder(), name);
  await makeFolder(folder);
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let before = 0;
  for (const source of files) {
    const { file, bytes, unpack } = source;
    const path = join(folder, file);
    const report = (done: number) => options.onProgress?.({ file, doneBytes: before + done, totalBytes });
    const present = unpack
      ? unpack.every((member) => existsSync(join(folder, member)))
      : await isComplete(source, path);
    if (!present) {
      if (!(await isComplete(source, path))) await download(source, path, { signal: options.signal, onBytes: report });
      if (unpack) await unpackInto(folder, path, unpack);
    }
    report(bytes);
    before += bytes;
  }
  return folder;
}

function sourcesOf(name: string): readonly SourceFile[] {
  if (Object.hasOwn(sources, name)) return sources[name]!;
  if (name === "digits") return [];
  const names = Object.keys(sources);
  const near = nearest(name, names);
  throw new AttarError(
    "unknown-dataset",
    `unknown dataset "${name}".`,
    near ? `Did you mean ${near}?` : `Known are ${names.join(", ")}.`,
  );
}

function mirrored(source: SourceFile, name: string, baseUrl?: string): SourceFile {
  const url = baseUrl ? `${baseUrl.replace(/\/+$/, "")}/${name}/${source.file}` : source.url;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const local = parsed && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(parsed.hostname);
  if (!parsed || (parsed.protocol !== "https:" && !(local && parsed.protocol === "http:")))
    throw new AttarError(
      "unknown-option",
      `${url} is not an https address.`,
      "Use an address that starts with https://.",
    );
  return { ...source, url };
}

async function unpackInto(folder: string, archive: string, members: readonly string[]): Promise<void> {
  const packed = await readRaw(archive);
  const tar = nativeInflate(packed, "gzip", inflateLimit(packed.length), archive);
  for (const [member, content] of parseTar(tar, members, archive)) await writeAtomic(join(folder, member), content);
  await rm(archive);
}
