import { zipSync } from "fflate";
import { encodeCondensed } from "./condensedSet.ts";
import type { CondensedSet } from "./dataset.ts";
import { pictureFiles } from "./pictureFiles.ts";

/**
 * A set as a zip archive: `condensed.safetensors`, with labels, recipe and class names, and a picture of every image as a folder a class, as
 * torchvision and Hugging Face read folders. What a browser gives a person as one file. Equal sets give equal bytes.
 */
export const exportZip = (set: CondensedSet): Uint8Array =>
  zipSync(
    Object.fromEntries([["condensed.safetensors", new Uint8Array(encodeCondensed(set))], ...pictureFiles(set)]),
    // The first day of the format: no time at which it was written.
    { mtime: new Date(1980, 0, 1) },
  );
