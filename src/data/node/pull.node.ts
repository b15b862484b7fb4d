import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { AttarError, nearest } from "../../engine/errors.ts";
import { inflateLimit } from "../formats/inflateLimit.ts";
import { parseTar } from "../formats/tar.ts";
import { download, isComplete } from "./download.node.ts";
import { cacheFolder } from "./locate.node.ts";
import { waitForLock } from "./lock.node.ts";
import { nativeInflate } from "./nativeInflate.node.ts";
import { readRaw } from "./readBytes.node.ts";
import { type KnownFile, type SourceFile, sources } from "./sources.ts";
import { removeTemporary } from "./temporaryName.node.ts";
import { makeFolder, writeAtomic } from "./writeAtomic.node.ts";

/** The progress of a pull. */
export interface PullProgress {
  readonly file: string;
  /** Bytes of all the dataset's files that are on disk, and that there are. */
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface PullOptions {
  /** A mirror: files come from `<baseUrl>/<dataset>/<file>`. Default: the official addresses. */
  readonly baseUrl?: string;
  /** The folder to put it into. Default: the cache, where `load` looks. */
  readonly folder?: string;
  readonly onProgress?: (progress: PullProgress) => void;
  readonly signal?: AbortSignal;
  /** Called with whom it waits for, where another process fetches the same dataset. */
  readonly onWait?: (note: string) => void;
  /** Milliseconds in which a server has to send something worth while. Default 30,000. */
  readonly patience?: number;
  /** The files to fetch, in place of those of the built-in table. */
  readonly files?: readonly SourceFile[];
}

/**
 * Fetches a dataset's official files over HTTPS, each checked for its size and SHA-256, into the cache. What is there is
 * checked as well: a whole file is not fetched again, a damaged one is. An interrupted transfer goes on where it stopped. While
 * another process fetches the same dataset, the call waits.
 *
 * @returns the dataset's folder
 * @throws AttarError "unknown-dataset" and "unknown-option" (exit 2), "foreign-files" (exit 2) where another file of the name lies
 * in a folder that was given, "download-failed" and "cannot-write" (exit 1), "interrupted" (exit 4)
 */
export async function pull(name: string, options: PullOptions = {}): Promise<string> {
  const files = (options.files ?? sourcesOf(name)).map((source) => mirrored(source, name, options.baseUrl));
  for (const { file } of files.flatMap((source) => [source, ...(source.unpack ?? [])])) checkName(file);
  const folder = options.folder ?? join(cacheFolder(), name);
  if (files.length === 0) return folder;
  await makeFolder(folder);
  const release = await waitForLock(folder, { signal: options.signal, onWait: options.onWait }).catch((error) => {
    throw options.signal?.aborted ? interrupted(name) : error;
  });
  try {
    await removeLeftovers(folder, files);
    await pullInto(folder, files, options);
  } finally {
    release();
  }
  return folder;
}

async function pullInto(folder: string, files: readonly SourceFile[], options: PullOptions): Promise<void> {
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let before = 0;
  for (const source of files) {
    const { file, bytes, unpack } = source;
    const path = join(folder, file);
    const report = (done: number) => options.onProgress?.({ file, doneBytes: before + done, totalBytes });
    if (!(await allThere(folder, unpack ?? [source]))) {
      if (!(await isComplete(source, path))) {
        for (const wanted of unpack ?? [source]) await refuseOther(folder, wanted, options);
        const { signal, patience } = options;
        await download(source, path, { signal, patience, onBytes: report });
      }
      if (unpack) await unpackInto(folder, path, unpack);
    }
    report(bytes);
    before += bytes;
  }
}

async function allThere(folder: string, files: readonly KnownFile[]): Promise<boolean> {
  for (const wanted of files) if (!(await isComplete(wanted, join(folder, wanted.file)))) return false;
  return true;
}

/** In the cache a damaged file is replaced; a folder that was given may hold the user's own. */
async function refuseOther(folder: string, wanted: KnownFile, options: PullOptions): Promise<void> {
  const path = join(folder, wanted.file);
  if (options.folder === undefined || !existsSync(path) || (await isComplete(wanted, path))) return;
  throw new AttarError(
    "foreign-files",
    `${path} is there already, and is not the official file; nothing has been changed`,
    "choose another folder, or move it away",
  );
}

/** Removes what writes that were killed left. */
async function removeLeftovers(folder: string, files: readonly SourceFile[]): Promise<void> {
  const names = files.flatMap(({ unpack }) => unpack ?? []).map(({ file }) => file.replace(/[^\w]/g, "\\$&"));
  await removeTemporary(folder, new RegExp(`^(${names.join("|")})$`));
}

/** @throws AttarError "unknown-option" for a name that would lie outside the dataset's folder */
function checkName(file: string): void {
  if (/^[^/\\\0]+$/.test(file) && file !== "." && file !== ".." && file !== "lock") return;
  throw new AttarError("unknown-option", `"${file}" is no name of a file in a dataset's folder.`, "Use a plain name.");
}

const interrupted = (name: string) =>
  new AttarError("interrupted", `${name}: interrupted before anything was fetched`, "type the same command again", 4);

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

async function unpackInto(folder: string, archive: string, members: readonly KnownFile[]): Promise<void> {
  const packed = await readRaw(archive);
  const tar = nativeInflate(packed, "gzip", inflateLimit(packed.length), archive);
  const names = members.map(({ file }) => file);
  for (const [name, content] of parseTar(tar, names, archive)) await writeAtomic(join(folder, name), content);
  await rm(archive);
}
