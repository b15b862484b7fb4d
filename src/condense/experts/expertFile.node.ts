import { parseSafetensorsMetadata } from "../../data/formats/safetensors.ts";
import { readBytes } from "../../data/node/readBytes.node.ts";
import { openRegular } from "../../data/node/regularFile.node.ts";
import { writeAtomic } from "../../data/node/writeAtomic.node.ts";
import {
  type ExpertDescription,
  encodeExpert,
  orDamaged,
  parseDescription,
  parseExpert,
  type StoredExpert,
} from "./expertContent.ts";

/** Writes one expert as .safetensors. @throws AttarError "cannot-write" */
export async function writeExpert(path: string, expert: StoredExpert): Promise<void> {
  await writeAtomic(path, await encodeExpert(expert));
}

/**
 * Reads an expert back.
 *
 * @throws AttarError "damaged-expert" (exit code 1) where the content is not what was written, "absent-file", "bad-data"
 */
export async function readExpert(path: string): Promise<StoredExpert> {
  return parseExpert(await readBytes(path), path);
}

/** Reads what a file says of its expert, in its header alone. @throws as {@link readExpert} */
export async function readDescription(path: string): Promise<ExpertDescription> {
  const file = await openRegular(path);
  try {
    return await orDamaged(path, async () => parseDescription(await parseSafetensorsMetadata(file, path), path));
  } finally {
    await file.close();
  }
}
