import { cutToBytes } from "./cutToBytes.ts";

/** The bytes of a folder's name at most: file systems take 255, encrypting ones 143. */
const mostBytes = 140;

/** Names that Windows keeps for devices, whatever follows a dot. */
const devices = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=[ .]|$)/i;

/**
 * A class name as a folder's name: what file systems and shells take amiss becomes "_". The name is no device of Windows',
 * does not begin with "-", "." or a space, does not end in a dot or a space, and takes at most 140 bytes.
 */
export function folderName(name: string): string {
  const safe = name.replace(/[^\p{L}\p{N} ._+-]/gu, "_").replace(/^[. ]+/, "");
  return ended(devices.test(safe) || safe.startsWith("-") ? `_${safe}` : safe, mostBytes);
}

/** A name cut to so many bytes, without dots and spaces at its end. */
const ended = (name: string, bytes: number) => cutToBytes(name, bytes).replace(/[. ]+$/, "") || "_";

/** The text that two names share where a file system takes them for the same. */
const sameName = (name: string) => name.normalize("NFKC").toLowerCase().toUpperCase();

/**
 * One folder's name a class, all different, also where case and Unicode's forms do not count: classes whose names would
 * coincide get their index appended.
 */
export function folderNames(classes: readonly string[]): string[] {
  const plain = classes.map(folderName);
  const count = new Map<string, number>();
  for (const name of plain) count.set(sameName(name), (count.get(sameName(name)) ?? 0) + 1);
  const alone = (name: string) => count.get(sameName(name)) === 1;
  const taken = new Set(plain.filter(alone).map(sameName));
  return plain.map((name, i) => (alone(name) ? name : numbered(name, i, taken)));
}

/** A name with its index, and underscores where another class is called that; adds it to those that are taken. */
function numbered(name: string, index: number, taken: Set<string>): string {
  for (let suffix = `-${index}`; ; suffix = `_${suffix}`) {
    const tried = ended(name, mostBytes - suffix.length) + suffix;
    if (taken.has(sameName(tried))) continue;
    taken.add(sameName(tried));
    return tried;
  }
}
