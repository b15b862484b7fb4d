import { lstat, rename } from "node:fs/promises";
import { cannotWrite } from "./writeAtomic.node.ts";

/**
 * Renames a file that is in the way: it gets ".damaged" appended, and a number where that is there.
 *
 * @returns its new path @throws AttarError "cannot-write"
 */
export async function setAside(path: string): Promise<string> {
  let aside = `${path}.damaged`;
  for (let i = 2; await isThere(aside); i++) aside = `${path}.damaged-${i}`;
  await rename(path, aside).catch((error) => {
    throw cannotWrite(path, error);
  });
  return aside;
}

/** Tells whether anything is there under that path, a link that leads nowhere included. */
export const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );
