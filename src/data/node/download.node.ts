import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { type FileHandle, lstat, open, rename, rm, stat } from "node:fs/promises";
import { AttarError } from "../../engine/errors.ts";
import type { KnownFile, SourceFile } from "./sources.ts";
import { transfer } from "./transfer.node.ts";
import { cannotWrite } from "./writeAtomic.node.ts";

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** Called as bytes arrive: so many of the file's bytes are on disk. */
  readonly onBytes?: (done: number) => void;
  /** The number of times that a broken connection which brought next to nothing is tried anew; 3. */
  readonly attempts?: number;
  /** Milliseconds in which a server has to send something worth while. Default 30,000. */
  readonly patience?: number;
}

/** Bytes that are worth while: a connection that brings fewer within the patience is given up, and counts as an attempt. */
const worthwhile = 2 ** 16;

/**
 * Fetches one file to `path`. The bytes collect in `<path>.part`; a broken transfer goes on from there (HTTP Range), now
 * or in a later call, as often as it brings something. Only a file of the right size and SHA-256 is renamed to `path`.
 *
 * @throws AttarError "download-failed" (exit 1), "interrupted" (exit 4) when `signal` aborts; the part stays for resuming.
 * "cannot-write" where the part is a link or no file.
 */
export async function download(source: SourceFile, path: string, options: DownloadOptions = {}): Promise<void> {
  const part = `${path}.part`;
  const { attempts = 3, patience = 30_000, signal, onBytes } = options;
  for (let failures = 0, have = await sizeOfPart(part); have < source.bytes; ) {
    try {
      await fetchOnce(source, part, have, { signal, onBytes, patience, leastBytes: worthwhile });
      have = await sizeOfPart(part);
    } catch (error) {
      if (signal?.aborted) throw interrupted(source);
      if (error instanceof AttarError) throw error;
      const before = have;
      have = await sizeOfPart(part);
      failures = have - before >= worthwhile ? 0 : failures + 1;
      if (failures >= attempts)
        throw failed(
          source,
          `the connection broke (${reason(error)})`,
          "Run the same command again, it goes on where it stopped.",
        );
    }
  }
  const [size, digest] = [await sizeOfPart(part), await sha256OfFile(part)];
  if (digest !== source.sha256 || size !== source.bytes) {
    await rm(part, { force: true });
    throw failed(
      source,
      `the file is not the expected one (SHA-256 ${digest.slice(0, 12)}…, expected ${source.sha256.slice(0, 12)}…)`,
      "Try again later, or fetch it by hand.",
    );
  }
  await rename(part, path).catch((error) => {
    throw cannotWrite(path, error);
  });
}

/** Tells whether `path` already is the wanted file. */
export async function isComplete(source: KnownFile, path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && found.size === source.bytes && (await sha256OfFile(path)) === source.sha256;
}

interface Transfer extends Pick<DownloadOptions, "signal" | "onBytes"> {
  readonly patience: number;
  readonly leastBytes: number;
}

/** One connection: adds to the part what it brings. A server that answers with another range starts the part over. */
async function fetchOnce(source: SourceFile, part: string, have: number, options: Transfer): Promise<void> {
  let file: FileHandle | undefined;
  try {
    await transfer(source.url, have, options, async ({ start, total, resumes }) => {
      if (total !== undefined && total !== source.bytes) throw wrongSize(source, total);
      if (resumes && start !== have) {
        await rm(part, { force: true });
        throw new Error(`the server sent bytes from ${start} on, not from ${have}`);
      }
      file = await openPart(part, resumes);
      let done = start;
      return async (piece) => {
        done += piece.length;
        if (done > source.bytes) throw wrongSize(source, done);
        await file!.write(piece).catch((error) => {
          throw cannotWrite(part, error);
        });
        options.onBytes?.(done);
      };
    });
    await file?.sync();
  } finally {
    await file?.close();
  }
  const missing = source.bytes - (await sizeOfPart(part));
  if (missing > 0) throw new Error(`${missing} bytes are missing`);
}

/** Opens the part to add to it or to write it anew, never what a link of its name points to. */
async function openPart(part: string, resumes: boolean): Promise<FileHandle> {
  const { O_WRONLY, O_CREAT, O_APPEND, O_TRUNC, O_NOFOLLOW = 0 } = constants;
  const how = resumes ? O_APPEND : O_TRUNC;
  return open(part, O_WRONLY | O_CREAT | O_NOFOLLOW | how).catch((error) => {
    throw cannotWrite(part, error);
  });
}

const wrongSize = (source: SourceFile, found: number) =>
  failed(
    source,
    `the file has ${found} bytes or more, expected ${source.bytes}`,
    "Try again later, or fetch it by hand.",
  );

function failed(source: SourceFile, what: string, hint: string): AttarError {
  return new AttarError("download-failed", `${source.url}: ${what}.`, hint, 1);
}

function interrupted(source: SourceFile): AttarError {
  return new AttarError(
    "interrupted",
    `${source.url}: interrupted.`,
    "Run the same command again, it goes on where it stopped.",
    4,
  );
}

function reason(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}

/** The bytes of a part, 0 where there is none. @throws AttarError "cannot-write" where it is a link or no file */
async function sizeOfPart(part: string): Promise<number> {
  const found = await lstat(part).catch(() => undefined);
  if (found && !found.isFile())
    throw new AttarError("cannot-write", `cannot write ${part}: it is no ordinary file.`, "Move it away.", 1);
  return found?.size ?? 0;
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece);
  return hash.digest("hex");
}
