import type { AttarError } from "../../engine/errors.ts";
import { shellWord } from "../../engine/shellWord.ts";
import type { NamedArrays, StoredArray } from "../arrayNamings.ts";
import { badData } from "../badData.ts";
import { isExportedSet } from "../exportArrays.ts";
import { Budget } from "../formats/budget.ts";
import { isTexts, parseNpyEntry } from "../formats/npyEntry.ts";
import { textCount } from "../formats/npyText.ts";
import { parseSafetensors } from "../formats/safetensors.ts";
import { parseZip } from "../formats/zip.ts";
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
    const bytes = await readRaw(path);
    const budget = new Budget(bytes.length, path);
    const arrays = npzArrays(parseZip(bytes, path, nativeInflate), path, budget);
    if (isExportedSet(arrays.texts)) throw condensedSet(path, arrays.texts.get("dataset")?.[0]);
    return arrays;
  }
  const { tensors, metadata, unread } = parseSafetensors(await readBytes(path), path, "leave out");
  if (metadata.format?.startsWith("attar")) throw condensedSet(path, metadata.dataset);
  return {
    keys: () => [...tensors.keys(), ...(unread?.keys() ?? [])],
    get(name) {
      const dtype = unread?.get(name);
      if (dtype === undefined) return tensors.get(name);
      throw badData(path, `tensor "${name}" has dtype ${dtype}, which is not read`, "Save it as float32 or integers.");
    },
  };
}

/** The arrays of an .npz, each read when it is asked for: one of objects, say, does no harm beside images and labels. */
function npzArrays(entries: ReadonlyMap<string, Uint8Array>, path: string, budget: Budget) {
  const names = [...entries.keys()].filter((entry) => entry.endsWith(".npy")).map((entry) => entry.slice(0, -4));
  const own = (name: string) => entries.get(`${name}.npy`);
  const known = new Map<string, StoredArray>();
  const texts = new Map<string, readonly string[]>();
  for (const name of ["classes", "method", "dataset", "dataset_checksum"]) {
    const bytes = own(name);
    const array = bytes && textCount(bytes) !== undefined && parseNpyEntry(bytes, `${path} (${name})`, budget);
    if (array && isTexts(array)) texts.set(name, array);
  }
  return {
    texts,
    keys: () => names,
    get(name: string): StoredArray | undefined {
      const bytes = own(name);
      if (!bytes || known.has(name)) return known.get(name);
      const array = readArray(bytes, `${path} (${name})`, budget);
      known.set(name, array);
      return array;
    },
  };
}

function readArray(bytes: Uint8Array, where: string, budget: Budget): StoredArray {
  const array = parseNpyEntry(bytes, where, budget);
  return isTexts(array) ? { shape: [array.length], texts: array } : array;
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
