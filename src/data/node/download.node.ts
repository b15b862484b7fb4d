import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { AttarError } from "../../engine/errors.ts";
import type { SourceFile } from "./sources.ts";
import { cannotWrite } from "./writeAtomic.node.ts";

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** Called as bytes arrive: so many of the file's bytes are on disk. */
  readonly onBytes?: (done: number) => void;
  /** How often a broken connection is tried anew before giving up. Default 3. */
  readonly attempts?: number;
}

/**
 * Fetches one file to `path`. The bytes collect in `<path>.part`; a broken transfer goes on from there (HTTP Range), now
 * or in a later call. Only a file of the right size and SHA-256 is renamed to `path`.
 *
 * @throws AttarError "download-failed" (exit 1), "interrupted" (exit 4) when `signal` aborts; the part stays for resuming
 */
export async function download(source: SourceFile, path: string, options: DownloadOptions = {}): Promise<void> {
  const part = `${path}.part`;
  const { attempts = 3 } = options;
  for (let attempt = 1; (await sizeOf(part)) < source.bytes; attempt++) {
    try {
      await transfer(source, part, options);
    } catch (error) {
      if (options.signal?.aborted) throw interrupted(source);
      if (error instanceof AttarError) throw error;
      if (attempt >= attempts)
        throw failed(
          source,
          `the connection broke (${reason(error)})`,
          "Run the same command again, it goes on where it stopped.",
        );
    }
  }
  const digest = await sha256OfFile(part);
  if (digest !== source.sha256 || (await sizeOf(part)) !== source.bytes) {
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

/** Whether `path` already is the wanted file. */
export async function isComplete(source: SourceFile, path: string): Promise<boolean> {
  return (await sizeOf(path)) === source.bytes && (await sha256OfFile(path)) === source.sha256;
}

async function transfer(source: SourceFile, part: string, { signal, onBytes }: DownloadOptions): Promise<void> {
  const have = await sizeOf(part);
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (have > 0) headers.range = `bytes=${have}-`;
  const response = await fetch(source.url, { headers, signal });
  const resumed = response.status === 206;
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw failed(source, `the server answered ${response.status}`, "Check the address, or try again later.");
  }
  const start = resumed ? have : 0;
  const announced = resumed
    ? Number(/\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1] ?? source.bytes)
    : Number(response.headers.get("content-length") ?? source.bytes);
  if (announced !== source.bytes) {
    await response.body.cancel();
    throw wrongSize(source, announced);
  }
  const file = await open(part, resumed ? "a" : "w").catch((error) => {
    throw cannotWrite(part, error);
  });
  try {
    let done = start;
    for await (const piece of response.body) {
      done += piece.length;
      if (done > source.bytes) throw wrongSize(source, done);
      await file.write(piece).catch((error) => {
        throw cannotWrite(part, error);
      });
      onBytes?.(done);
    }
    if (done < source.bytes) throw new Error(`${source.bytes - done} bytes are missing`);
    await file.sync();
  } finally {
    await file.close();
  }
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

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece);
  return hash.digest("hex");
}
