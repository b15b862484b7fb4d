import type { Split } from "./dataset.ts";

const hex = (digest: ArrayBuffer) =>
  Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, "0")).join("");

/** SHA-256 of `bytes`, in hex. Browsers offer it on https pages and localhost only. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  return hex(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
}

/** SHA-256 in hex of the stored pixels of each split. */
export interface PixelDigests {
  readonly train?: string;
  readonly test?: string;
}

/**
 * A dataset's checksum: the SHA-256 of the line "<shape> <pixel type> <four digests>", the digests being the SHA-256 of
 * the training labels (int32, little-endian), training pixels, test labels and test pixels, and of the numbers to predict of
 * both splits (float32) where there are any. It depends on the content
 * only, not on the file format it came in.
 *
 * @param known digests of the splits' pixels that need not be made again
 */
export async function datasetChecksum(
  shape: readonly number[],
  train: Split,
  test: Split,
  known: PixelDigests = {},
): Promise<string> {
  const parts: [ArrayBufferView, string?][] = [
    [train.labels],
    [train.images, known.train],
    [test.labels],
    [test.images, known.test],
    ...[train.values, test.values].flatMap((values): [ArrayBufferView][] => (values ? [[values]] : [])),
  ];
  const digests = [];
  for (const [{ buffer, byteOffset, byteLength }, digest] of parts)
    digests.push(digest ?? (await sha256(new Uint8Array(buffer, byteOffset, byteLength))));
  const type = train.images instanceof Uint8Array ? "uint8" : "float32";
  return sha256(new TextEncoder().encode(`${shape.join("x")} ${type} ${digests.join(" ")}`));
}
