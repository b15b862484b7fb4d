import type { File, Metadata, ready } from "h5wasm";
import { AttarError } from "../../engine/errors.ts";
import type { ArrayFacts, NamedArrays, StoredArray } from "../arrayNamings.ts";
import { badData } from "../badData.ts";
import { Budget } from "../formats/budget.ts";
import { checkHeaps } from "../formats/hdf5Heaps.ts";
import { bytesOfNumber, isNumberType, type NumberType, numbersOf } from "../formats/numbers.ts";
import { readRaw } from "./readBytes.node.ts";

type Library = Awaited<typeof ready>;
type Opener = typeof File;

/** The bytes of an array that are read at a time, about: 32 MiB. */
const pieceBytes = 2 ** 25;
/** The most objects that one file may hold. */
const mostObjects = 10_000;
/** The memory that a text takes, about, in bytes. */
const textBytes = 64;

/** The classes of elements that are read, by their number in HDF5. */
const [integer, float, text, enumeration] = [0, 1, 3, 8];
const otherClasses = new Map([
  [4, "bit fields"],
  [5, "opaque values"],
  [6, "records of several fields"],
  [7, "references"],
  [9, "lists of various lengths"],
  [10, "arrays in each element"],
]);

let loaded: Promise<{ library: Library; File: Opener } | undefined> | undefined;
let opened = 0;

/** The package h5wasm, where it is installed: HDF5's own library, compiled for any machine, with a file system in memory. */
function h5wasm() {
  loaded ??= import("h5wasm").then(
    async (found) => {
      const library = await found.ready;
      library.activate_throwing_error_handler(); // else a read that failed leaves what lay in memory, and prints on stderr
      return { library, File: found.File };
    },
    () => undefined,
  );
  return loaded;
}

/** Arrays of a file that stays open until `close`. */
export interface OpenArrays extends NamedArrays {
  close(): void;
}

/**
 * The arrays of an HDF5 file by their paths ("train/images"), each read when it is asked for: numbers of every width and byte
 * order, half precision, truth values, texts. Files of MATLAB 7.3 have their arrays in MATLAB's order of axes. The file is handed to
 * HDF5's library in memory, so that links in it lead nowhere else.
 *
 * @throws AttarError "absent-package" without h5wasm, "bad-data" for a damaged file; `get` throws "bad-data" for elements of
 * other kinds, filters that are not built in, and values that lie in other files
 */
export async function openHdf5(path: string): Promise<OpenArrays> {
  const bytes = await readRaw(path);
  const wasm = await h5wasm();
  if (!wasm)
    throw new AttarError(
      "absent-package",
      `${path}: HDF5 is read by the package h5wasm, which is not installed.`,
      "npm install h5wasm",
    );
  const { library, File } = wasm;
  const matlab = new TextDecoder("latin1").decode(bytes.subarray(0, 10)) === "MATLAB 7.3";
  const inside = `attar-${opened++}.h5`;
  library.FS.createDataFile("/", inside, bytes, true, false, true);
  const budget = new Budget(bytes.length, path);
  let checked = false;
  const checkTexts = ({ metadata }: Facts) => {
    if (!metadata.vlen || checked) return;
    checkHeaps(bytes, path);
    checked = true;
  };
  let file: File | undefined;
  const close = () => {
    try {
      file?.close();
    } catch {
      // a damaged file may not close; what was said of it stands
    }
    library.FS.unlink(`/${inside}`);
  };
  try {
    file = clear(path, () => new File(`/${inside}`, "r"));
    const names = clear(path, () => datasets(library, file!, path));
    const known = new Map<string, StoredArray>();
    const facts = (name: string) => clear(`${path} (${name})`, () => factsOf(library, file!, name, matlab));
    return {
      format: matlab ? "MATLAB 7.3 (HDF5)" : "HDF5",
      keys: () => names,
      about: (name) => (names.includes(name) ? facts(name) : undefined),
      get(name) {
        if (!names.includes(name)) return undefined;
        const where = `${path} (${name})`;
        const own = facts(name);
        checkTexts(own);
        const array = known.get(name) ?? clear(where, () => arrayOf(library, file!, name, own, budget, where));
        known.set(name, array);
        return array;
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** The paths of the arrays in a file, each object once; what MATLAB keeps for itself is left out. */
function datasets(library: Library, file: File, path: string): string[] {
  const names = file.paths();
  if (names.length > mostObjects)
    throw badData(
      path,
      `holds ${names.length} objects, more than the ${mostObjects} that are read`,
      "Save the images as one array [n,height,width,channels] and the labels as another.",
    );
  return names.filter((name) => !/^#/.test(name) && kindOf(library, file, name) === library.H5G_DATASET).sort();
}

/** The kind of an object, links followed within the file; undefined for one that leads nowhere. */
function kindOf(library: Library, file: File, name: string): number | undefined {
  try {
    const kind = library.get_type(file.file_id, name);
    return kind === library.H5G_LINK && file.get(name) ? library.H5G_DATASET : kind;
  } catch {
    return undefined;
  }
}

interface Facts extends ArrayFacts {
  readonly metadata: Metadata;
  readonly matlab: boolean;
}

function factsOf(library: Library, file: File, name: string, matlab: boolean): Facts {
  const metadata = library.get_dataset_metadata(file.file_id, name);
  const stored = (metadata.shape ?? []).map(Number);
  return { metadata, matlab, shape: matlab ? stored.toReversed() : stored, type: typeOf(metadata) };
}

/** The elements' kind in NumPy's words, or in plain ones. */
function typeOf(metadata: Metadata): string {
  const { type, size, vlen } = metadata;
  if (type === text) return vlen ? "texts" : `texts of ${size} bytes`;
  const code = numberType(metadata);
  if (code === undefined) return otherClasses.get(type) ?? `elements of class ${type}`;
  if (code === "b1") return "bool";
  return `${{ u: "uint", i: "int", f: "float", b: "" }[code[0] as "u" | "i" | "f" | "b"]}${8 * size}`;
}

function numberType({ type, size, signed, enum_type }: Metadata): NumberType | undefined {
  if (
    type === enumeration &&
    size === 1 &&
    Object.keys(enum_type?.members ?? {})
      .sort()
      .join() === "FALSE,TRUE"
  )
    return "b1";
  const code = type === float ? `f${size}` : `${signed ? "i" : "u"}${size}`;
  return (type === float || type === integer || type === enumeration) && isNumberType(code) ? code : undefined;
}

function arrayOf(
  library: Library,
  file: File,
  name: string,
  { metadata, shape, type, matlab }: Facts,
  budget: Budget,
  where: string,
): StoredArray {
  if ((metadata.virtual_sources?.length ?? 0) > 0)
    throw badData(
      where,
      "is a view of arrays in other files, which are not followed",
      "Copy the values into one file: h5repack in.h5 out.h5",
    );
  const count = metadata.total_size;
  if (metadata.type === text) {
    budget.take(count * (textBytes + metadata.size));
    const dataset = file.get(name);
    const texts = dataset && "value" in dataset ? flat(dataset.value) : [];
    return { shape, texts: texts.map((one) => String(one).replace(/\0+$/, "")) };
  }
  const code = numberType(metadata);
  if (code === undefined)
    throw badData(
      where,
      `holds ${type}, which are not read`,
      "Save it as numbers, for example array.astype('float32').",
    );
  budget.take(count * Math.max(bytesOfNumber(code), code.endsWith("1") ? 1 : 4));
  const bytes = bytesOf(library, file, name, metadata);
  return { shape, data: numbersOf(bytes, code, false), ...(matlab && { columnMajor: true }) };
}

const flat = (value: unknown): unknown[] => (Array.isArray(value) ? value.flatMap(flat) : [value]);

/** The numbers of an array in little-endian order, whatever the file's, read in pieces of whole rows (of whole chunks, where it has them). */
function bytesOf(library: Library, file: File, name: string, metadata: Metadata): Uint8Array<ArrayBuffer> {
  const { size, total_size: count } = metadata;
  const out = new Uint8Array(count * size);
  if (count === 0) return out;
  const [rows = 1, ...rest] = (metadata.shape ?? []).map(Number);
  const scalar = metadata.shape === null || metadata.shape.length === 0;
  const rowBytes = out.length / rows;
  const chunk = metadata.chunks?.[0] ?? 1;
  const step = Math.min(rows, chunk * Math.max(1, Math.floor(pieceBytes / (rowBytes * chunk))));
  const pointer = library._malloc(step * rowBytes);
  if (pointer === 0) throw badData(name, `a piece of ${step * rowBytes} bytes does not fit into memory`);
  try {
    for (let at = 0; at < rows; at += step) {
      const now = Math.min(step, rows - at);
      const [counts, offsets, strides] = scalar
        ? [null, null, null]
        : [
            [now, ...rest],
            [at, ...rest.map(() => 0)],
            [1, ...rest.map(() => 1)],
          ].map((list) => list.map(BigInt));
      const status = library.get_dataset_data(file.file_id, name, counts!, offsets!, strides!, BigInt(pointer));
      if (status < 0) throw new Error("cannot be read");
      out.set(library.HEAPU8.subarray(pointer, pointer + now * rowBytes), at * rowBytes);
    }
  } finally {
    library._free(pointer);
  }
  return out;
}

/** Runs what calls HDF5's library, whose errors are stacks of lines, and throws one sentence in their place. */
function clear<T>(where: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof AttarError) throw error;
    const stack = error instanceof Error ? error.message : String(error);
    const filter = /required filter '([^']+)'/.exec(stack)?.[1];
    if (filter)
      throw badData(
        where,
        `is compressed by ${filter}, which is not built in`,
        "Compress it by gzip instead: h5repack -f GZIP=4 in.h5 out.h5",
      );
    if (/signature not found/.test(stack))
      throw badData(where, "not the expected HDF5 file (it has no HDF5 signature)");
    if (/external raw data file/.test(stack))
      throw badData(where, "its values lie in another file, which is not followed", "Copy them: h5repack in.h5 out.h5");
    const lines = [...stack.matchAll(/#\d+: \S+ line \d+ in [^:]*: (.*)/g)];
    const reason = (lines.at(-1)?.[1] ?? stack.split("\n")[0] ?? "").replace(/\.$/, "");
    throw badData(where, `the HDF5 file is damaged or cut short (${reason})`);
  }
}
