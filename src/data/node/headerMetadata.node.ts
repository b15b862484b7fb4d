import { AttarError } from "../../engine/errors.ts";
import { parseSafetensorsMetadata } from "../formats/safetensors.ts";
import { openRegular } from "./regularFile.node.ts";

/**
 * Reads the metadata of a .safetensors file without its tensors, to tell what wrote it; the tensors may be damaged.
 *
 * @returns undefined where there is no such file, or its header is not one.
 */
export async function headerMetadata(path: string): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    const file = await openRegular(path);
    try {
      return new Map(Object.entries(await parseSafetensorsMetadata(file, path)));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof AttarError) return undefined;
    throw error;
  }
}
