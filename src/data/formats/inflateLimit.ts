/** The least that any file may inflate to, whatever its size: 64 MiB. */
const floor = 2 ** 26;
/** The same of a text, of which a megabyte takes as long as dozens of a picture's: 8 MiB. */
export const textFloor = 2 ** 23;
/** The number of times its own size that a larger file may inflate to; datasets reach 3 to 20. */
const ratio = 64;
/** The most that is read of any file: 4 GiB, what one ArrayBuffer can be relied on to hold. */
const ceiling = 2 ** 32;

/**
 * The number of bytes that a file of `packed` bytes may inflate to in all: 64 MiB, or 64 times its size where that is
 * more, up to 4 GiB; `least` takes the place of the 64 MiB. Deflate itself reaches 1032 to 1, so that a bound by the format alone lets one megabyte claim a gigabyte.
 */
export function inflateLimit(packed: number, least = floor): number {
  return Math.min(ceiling, Math.max(least, packed * ratio));
}

/** The advice where a file is refused for what it would inflate to. */
export const inflateHint =
  "A file may inflate to 64 MiB, or to 64 times its size where that is more; if this one is to be trusted, store it uncompressed.";
