import { open } from "node:fs/promises";

/** The longest header that is looked into, in bytes. */
const mostBytes = 16e6;

/**
 * Reads the metadata of a .safetensors file without its tensors, to tell what wrote it; the tensors may be damaged.
 *
 * @returns undefined where there is no such file, or its header is not one.
 */
export async function headerMetadata(path: string): Promise<ReadonlyMap<string, string> | undefined> {
  const file = await open(path, "r").catch(() => undefined);
  if (!file) return undefined;
  try {
    if (!(await file.stat()).isFile()) return undefined;
    const size = await file.read(Buffer.alloc(8), 0, 8, 0);
    if (size.bytesRead < 8) return undefined;
    const length = Number(size.buffer.readBigUInt64LE());
    if (length > mostBytes) return undefined;
    const header = await file.read(Buffer.alloc(length), 0, length, 8);
    const { __metadata__: metadata } = JSON.parse(header.buffer.toString("utf8"));
    const entries = Object.entries(metadata as Record<string, unknown>);
    return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}
