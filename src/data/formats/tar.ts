import { badData } from "../badData.ts";

/**
 * The wanted regular files of a tar archive (ustar), by the last part of their path.
 *
 * @returns file name → bytes, sharing memory with the archive
 * @throws AttarError "bad-data" when the archive is damaged or a wanted file is not in it
 */
export function parseTar(bytes: Uint8Array, wanted: readonly string[], where: string): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0; ) {
    const header = bytes.subarray(at, at + 512);
    const field = (start: number, length: number) =>
      new TextDecoder("latin1")
        .decode(header.subarray(start, start + length))
        .replace(/\0.*$/s, "")
        .trim();
    let sum = 0;
    for (let i = 0; i < 512; i++) sum += i >= 148 && i < 156 ? 32 : header[i]!;
    const size = Number.parseInt(field(124, 12), 8);
    if (sum !== Number.parseInt(field(148, 8), 8) || !(size >= 0)) throw badData(where, "the tar archive is damaged");
    const start = at + 512;
    if (start + size > bytes.length) throw badData(where, "the tar archive is cut short");
    const name = field(0, 100).split("/").at(-1)!;
    if ((field(156, 1) === "0" || field(156, 1) === "") && wanted.includes(name))
      found.set(name, bytes.subarray(start, start + size));
    at = start + Math.ceil(size / 512) * 512;
  }
  const missing = wanted.find((name) => !found.has(name));
  if (missing) throw badData(where, `the archive has no ${missing}`);
  return found;
}
