import { randomBytes } from "node:crypto";
import { cutToBytes } from "../cutToBytes.ts";

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
