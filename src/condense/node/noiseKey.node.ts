import { randomBytes } from "node:crypto";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../data/checksum.ts";
import { readTextIfAny } from "../../data/node/readBytes.node.ts";
import { temporaryName } from "../../data/node/temporaryName.node.ts";
import { cannotWrite } from "../../data/node/writeAtomic.node.ts";
import { AttarError } from "../../engine/index.ts";
import { NoiseKey } from "../../privacy/index.ts";
import type { Configuration } from "../configuration.ts";

/** The file of a private run that its noise is drawn from while it goes on. */
export const noiseKeyName = "noise.key";

/**
 * The key of a private run's noise: that of its folder, or a new one, which is written there for the run's owner alone. It is
 * bound to the configuration, the data's checksum within it: with other data the same noise would cancel.
 *
 * @throws AttarError "noise-key-changed" where the file belongs to another configuration; "cannot-write"
 */
export async function noiseKeyOf(run: string, configuration: Configuration): Promise<Uint8Array> {
  const path = join(run, noiseKeyName);
  const bound = await sha256(new TextEncoder().encode(JSON.stringify(configuration)));
  const text = await readTextIfAny(path);
  if (text === undefined || text === "") {
    const key = NoiseKey.fresh();
    await writeSecret(path, `${Buffer.from(key).toString("hex")} ${bound}\n`);
    return key;
  }
  const [hex = "", known] = text.trim().split(" ");
  if (/^[0-9a-f]{64}$/.test(hex) && known === bound) return Uint8Array.from(Buffer.from(hex, "hex"));
  throw new AttarError(
    "noise-key-changed",
    `${path} is not the key of this run: its data or settings are others, and the same noise on both would cancel`,
    "start over with --force, which spends ε anew",
  );
}

/** Tells whether a run's key is there. */
export const hasNoiseKey = async (run: string): Promise<boolean> =>
  stat(join(run, noiseKeyName)).then(
    () => true,
    () => false,
  );

/** Destroys the key of a run: its bytes are overwritten, the file removed. @throws AttarError "cannot-write" */
export async function destroyNoiseKey(run: string): Promise<void> {
  const path = join(run, noiseKeyName);
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r+");
    await file.write(randomBytes((await file.stat()).size), 0);
    await file.sync();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw cannotWrite(path, error);
  } finally {
    await file?.close();
  }
  await rm(path, { force: true });
}

/** Writes a file that its owner alone may read, whole or not at all. */
async function writeSecret(path: string, text: string): Promise<void> {
  const temporary = join(path, "..", temporaryName(noiseKeyName));
  try {
    const file = await open(temporary, "wx", 0o600);
    await file.writeFile(text);
    await file.sync();
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw cannotWrite(path, error);
  }
}
