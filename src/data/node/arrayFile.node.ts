import { basename } from "node:path";
import type { AttarError } from "../../engine/errors.ts";
import { shellWord } from "../../engine/shellWord.ts";
import type { ArrayFacts, NamedArrays, StoredArray } from "../arrayNamings.ts";
import { badData } from "../badData.ts";
import { isExportedSet } from "../exportArrays.ts";
import { Budget } from "../formats/budget.ts";
import { type MatlabArray, parseMatlab } from "../formats/matlab.ts";
import { type NumericArray, npyHeader } from "../formats/npy.ts";
import { isTexts, parseNpyEntry } from "../formats/npyEntry.ts";
import { textCount } from "../formats/npyText.ts";
import { parseSafetensors } from "../formats/safetensors.ts";
import { parseZip } from "../formats/zip.ts";
import { knownDataset } from "../knownDatasets.ts";
import { type OpenArrays, openHdf5 } from "./hdf5.node.ts";
import { nativeInflate } from "./nativeInflate.node.ts";
import { readBytes, readRaw } from "./readBytes.node.ts";

/** Files of named arrays, by their names. */
export const arrayFile = /\.(npz|npy|safetensors|mat|h5|hdf5|hdf|he5)$/i;
const hdf5File = /\.(h5|hdf5|hdf|he5)$/i;

/**
 * Opens the arrays of an .npz, .npy, .safetensors, MATLAB or HDF5 file; `close` lets go of them.
 *
 * @throws AttarError "bad-data", also for a condensed set: it is no dataset; "absent-package" where HDF5 is not installed
 */
export async function openArrays(path: string): Promise<OpenArrays> {
  if (hdf5File.test(path)) return openHdf5(path);
  const arrays = await readArrays(path);
  return arrays === "HDF5" ? openHdf5(path) : { ...arrays, close: () => {} };
}

async function readArrays(path: string): Promise<NamedArrays | "HDF5"> {
  if (/\.npz$/i.test(path)) {
    const bytes = await readRaw(path);
    const budget = new Budget(bytes.length, path);
    const arrays = npzArrays(parseZip(bytes, path, nativeInflate), path, budget);
    if (isExportedSet(arrays.texts)) throw condensedSet(path, arrays.texts.get("dataset")?.[0]);
    return arrays;
  }
  if (/\.npy$/i.test(path)) return npyArray(await readRaw(path), path);
  if (/\.mat$/i.test(path)) {
    const bytes = await readRaw(path);
    return isHdf5(bytes) ? "HDF5" : matlabArrays(parseMatlab(bytes, path, nativeInflate));
  }
  const { tensors, metadata, unread } = parseSafetensors(await readBytes(path), path, "leave out");
  if (metadata.format?.startsWith("attar")) throw condensedSet(path, metadata.dataset);
  return {
    keys: () => [...tensors.keys(), ...(unread?.keys() ?? [])],
    about(name) {
      const tensor = tensors.get(name);
      return tensor && { shape: tensor.shape, type: numpyName(tensor.data) };
    },
    get(name) {
      const dtype = unread?.get(name);
      if (dtype === undefined) return tensors.get(name);
      throw badData(path, `tensor "${name}" has dtype ${dtype}, which is not read`, "Save it as float32 or integers.");
    },
  };
}

/** The kind of an array's numbers as NumPy calls it: "float32". */
const numpyName = (data: NumericArray): string => data.constructor.name.replace(/^Big|Array$/g, "").toLowerCase();

/** HDF5's signature stands at the start, or behind a header of 512 bytes, as MATLAB 7.3 writes it. */
const isHdf5 = (bytes: Uint8Array): boolean =>
  [0, 512].some((at) => [0x89, 0x48, 0x44, 0x46].every((byte, i) => bytes[at + i] === byte));

function matlabArrays(arrays: ReadonlyMap<string, MatlabArray>): NamedArrays {
  return {
    format: "MATLAB",
    keys: () => arrays.keys(),
    about(name) {
      const array = arrays.get(name);
      return array && { shape: array.dims, type: array.data instanceof Uint8Array ? "uint8" : "numbers" };
    },
    get(name) {
      const array = arrays.get(name);
      return array && { shape: array.dims, data: array.data, columnMajor: true };
    },
  };
}

/** The one array of a .npy file, under the file's name. */
function npyArray(bytes: Uint8Array, path: string): NamedArrays {
  const own = basename(path).replace(/\.npy$/i, "");
  const budget = new Budget(bytes.length, path);
  return {
    format: "NumPy's .npy",
    keys: () => [own],
    about: (name) => (name === own ? aboutNpy(bytes, path) : undefined),
    get: (name) => (name === own ? readArray(bytes, path, budget) : undefined),
  };
}

function aboutNpy(bytes: Uint8Array, where: string): ArrayFacts {
  const { shape, descr } = npyHeader(bytes, where);
  return { shape, type: descr };
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
    about(name: string): ArrayFacts | undefined {
      const bytes = own(name);
      return bytes && aboutNpy(bytes, `${path} (${name})`);
    },
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
