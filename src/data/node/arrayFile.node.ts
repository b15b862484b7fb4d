import type { AttarError } from "../../engine/errors.ts";
import { shellWord } from "../../engine/shellWord.ts";
import type { NamedArrays, StoredArray } from "../arrayNamings.ts";
import { badData } from "../badData.ts";
import { isExportedSet } from "../exportArrays.ts";
import { parseNpzFile } from "../formats/npz.ts";
import { parseSafetensors } from "../formats/safetensors.ts";
import { knownDataset } from "../knownDatasets.ts";
import { nativeInflate } from "./nativeInflate.node.ts";
import { readBytes, readRaw } from "./readBytes.node.ts";

/**
 * The arrays of an .npz or a .safetensors file.
 *
 * @throws AttarError "bad-data", also for a condensed set: it is no dataset
 */
export async function readArrays(path: string): Promise<NamedArrays> {
  if (/\.npz$/i.test(path)) {
    const { arrays, texts } = parseNpzFile(await readRaw(path), path, nativeInflate);
    if (isExportedSet(texts)) throw condensedSet(path, texts.get("dataset")?.[0]);
    const words = [...texts].map(([name, all]) => [name, { shape: [all.length], texts: all }] as const);
    return new Map<string, StoredArray>([...arrays, ...words]);
  }
  const { tensors, metadata } = parseSafetensors(await readBytes(path), path);
  if (metadata.format?.startsWith("attar")) throw condensedSet(path, metadata.dataset);
  return tensors;
}

/** A hint that can be typed names a dataset that is known: the file says no more than its name. */
function condensedSet(path: string, dataset = ""): AttarError {
  const evaluated = knownDataset(dataset) ? `: attar evaluate ${shellWord(path)} --on ${dataset}` : "";
  return badData(
    path,
    "is a condensed set, not a dataset",
    `A set is evaluated on the dataset it was made from${evaluated}.`,
  );
}
