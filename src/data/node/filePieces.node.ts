import { createReadStream, type ReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { shellWord } from "../../engine/shellWord.ts";
import { badData } from "../badData.ts";
import { isGzip } from "../formats/inflate.ts";
import { inflateLimit, textFloor } from "../formats/inflateLimit.ts";
import { cannotRead, checkRegular } from "./regularFile.node.ts";

const pieceBytes = 2 ** 20;

/**
 * The bytes of a text file piece by piece, inflated if it is gzip: for files larger than memory or than a string may be.
 *
 * @throws AttarError "absent-file" or "bad-data", while it is read
 */
export async function* filePieces(path: string): AsyncGenerator<Uint8Array> {
  try {
    const stats = await stat(path);
    checkRegular(path, stats);
    const packed = await startsAsGzip(path);
    const stream = createReadStream(path, { highWaterMark: pieceBytes });
    const source = packed ? gunzip(stream, path, stats.size) : stream;
    for await (const piece of source) yield piece as Uint8Array;
  } catch (error) {
    throw cannotRead(path, error);
  }
}

const inflatedName = (path: string) => (/\.gz$/i.test(path) ? path.slice(0, -3) : `${path}.inflated.csv`);

async function startsAsGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(16), 0, 16, 0);
    return isGzip(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

async function* gunzip(stream: ReadStream, path: string, size: number): AsyncGenerator<Uint8Array> {
  const most = inflateLimit(size, textFloor);
  const inflated = createGunzip({ chunkSize: pieceBytes });
  stream.on("error", (error) => inflated.destroy(error));
  let total = 0;
  try {
    for await (const piece of stream.pipe(inflated)) {
      total += (piece as Uint8Array).length;
      if (total > most)
        throw badData(
          path,
          `its ${size} bytes inflate to more than ${most}`,
          `If it is to be trusted, read what comes out of: gunzip -c < ${shellWord(path)} > ${shellWord(inflatedName(path))}`,
        );
      yield piece as Uint8Array;
    }
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code.startsWith("Z_")) throw badData(path, "the compressed data is damaged or cut short");
    throw error;
  } finally {
    stream.destroy();
  }
}
