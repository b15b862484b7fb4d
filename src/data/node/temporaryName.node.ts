import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { cutToBytes } from "../cutToBytes.ts";
import { isAlive } from "./lockHolder.node.ts";

/** The bytes that a temporary file's name takes of the name it is for; 255 are a file system's most. */
const mostBytes = 200;

/** The name under which a file is written before it gets its own: `.<name>.<process>.<eight hex digits>.tmp`. */
export const temporaryName = (name: string) =>
  `.${cutToBytes(name, mostBytes)}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;

/**
 * The name that a temporary file of attar's was meant to get.
 *
 * @returns undefined where the name is no such file's.
 */
export function meantBy(temporary: string): string | undefined {
  return /^\.(.+)\.\d+\.[0-9a-f]{8}\.tmp$/s.exec(temporary)?.[1];
}

/** Removes what writes of one file left that were killed: temporary files of processes that do not run here any more. */
export async function removeAbandoned(path: string): Promise<void> {
  const folder = dirname(path);
  for (const name of await readdir(folder)) {
    if (meantBy(name) !== cutToBytes(basename(path), mostBytes)) continue;
    const pid = Number(name.split(".").at(-3));
    if (!isAlive({ pid })) await rm(join(folder, name), { force: true });
  }
}

/**
 * Removes what writes that were killed left in a folder; call it where no other process writes there.
 *
 * @param names names of the files that attar writes there.
 */
export async function removeTemporary(folder: string, names: RegExp): Promise<void> {
  for (const name of await readdir(folder)) {
    const meant = meantBy(name);
    if (meant !== undefined && names.test(meant)) await rm(join(folder, name), { force: true });
  }
}
