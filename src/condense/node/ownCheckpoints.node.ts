import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { headerMetadata } from "../../data/node/headerMetadata.node.ts";
import { isThere, setAside } from "../../data/node/setAside.node.ts";
import { cannotWrite } from "../../data/node/writeAtomic.node.ts";

const stepOf = (name: string) => BigInt(/^state-(\d+)\.safetensors$/.exec(name)?.[1] ?? -1);

/** File names of a folder that are checkpoints', the newest first; none where there is no folder. */
export async function checkpointNames(folder: string): Promise<string[]> {
  try {
    const names = (await readdir(folder)).filter((name) => stepOf(name) >= 0n);
    return names.sort((a, b) => (stepOf(a) < stepOf(b) ? 1 : -1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw cannotWrite(folder, error);
  }
}

/** Tells a checkpoint that attar wrote, damaged or not, from another file of its name. */
async function isOwn(path: string): Promise<boolean> {
  const metadata = await headerMetadata(path);
  return ["configuration", "sha256"].every((key) => metadata?.has(key));
}

/**
 * Removes the checkpoints of a folder beyond the newest ones; files of such a name that attar did not write stay.
 *
 * @throws AttarError "cannot-write"
 */
export async function removeCheckpoints(folder: string, kept = 0): Promise<void> {
  let own = 0;
  for (const name of await checkpointNames(folder)) {
    const path = join(folder, name);
    if (!(await isOwn(path)) || ++own <= kept) continue;
    await rm(path, { force: true }).catch((error) => {
      throw cannotWrite(path, error);
    });
  }
}

/** Makes way for a checkpoint: another file of its name gets ".damaged" appended, and a number where that is there. */
export async function makeWay(path: string): Promise<void> {
  if ((await isThere(path)) && !(await isOwn(path))) await setAside(path);
}
