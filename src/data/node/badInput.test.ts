import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../test/fixtures/files/temporaryFolder.ts";
import { AttarError } from "../../engine/errors.ts";
import { encodeNpz } from "../formats/npz.ts";
import { encodePng } from "../formats/png.ts";
import { encodeSafetensors } from "../formats/safetensors.ts";
import type { ReadOptions } from "../readOptions.ts";
import { load } from "./load.node.ts";

const folder = temporaryFolder();

type Content = string | Uint8Array;
/** What is loaded and what of it is wrong, the files, what the message and the advice have to say, and the options. */
type Case = readonly [
  path: string,
  files: Record<string, Content>,
  message: RegExp,
  hint: RegExp,
  options?: ReadOptions,
];

let folders = 0;
async function refusal([path, files, , , options]: Case): Promise<unknown> {
  const at = `case${folders++}`;
  for (const [name, content] of Object.entries(files)) await folder.write(join(at, name), content);
  return load(join(folder.path, at, path), { ...options, imageCache: false }).then(
    () => "it was read",
    (error: unknown) => error,
  );
}

function refused(cases: readonly Case[]): void {
  test.each(cases.map((one) => [one[0], one[2].source, one] as const))("%s: %s", async (path, _, one) => {
    const error = await refusal(one);
    if (!(error instanceof AttarError)) throw error instanceof Error ? error : new Error(`${path}: ${error}`);
    expect([error.code, error.exitCode]).toEqual([/no such file/.test(error.message) ? "absent-file" : "bad-data", 2]);
    expect(error.message).toMatch(one[2]);
    expect(error.hint).toMatch(one[3]);
    expect(error.message).toContain(folder.path);
    expect(error.message).not.toMatch(/undefined|\bat \S+ \(/);
  });
}

const png = (value = 90, side = 4) =>
  encodePng({ channels: 1, height: side, width: side, data: new Uint8Array(side * side).fill(value) });
const cut = (bytes: Uint8Array, share = 0.5) => bytes.subarray(0, Math.floor(bytes.length * share));
const golden = (name: string) => readFileSync(new URL(`../../../golden/formats/files/${name}`, import.meta.url));
/** Texts in HDF5 of which one claims to be longer than it is, so that what follows it is an object of no length. */
function heapWithoutEnd(): Uint8Array {
  const bytes = Uint8Array.from(golden("texts.h5"));
  const cat = Buffer.from(bytes).indexOf("cat");
  bytes[cat - 8] = 84;
  return bytes;
}
const under = (name: string, files: Record<string, Content>) =>
  Object.fromEntries(Object.entries(files).map(([file, content]) => [`${name}/${file}`, content]));
const skip = /--skip-unreadable/;
const whole = /Check that the file is complete, or fetch it again/;

describe("folders of images", () => {
  const pair = { "a/1.png": png(), "b/1.png": png() };
  refused([
    ["none", {}, /no such file or folder/, /Check the path/],
    ["set", under("set", { "a/notes.txt": "", "b/notes.txt": "" }), /set\/a: the class has no image/, /Add images/],
    ["set", under("set", { "a/1.png": png() }), /one class folder only \("a"\)/, /two classes or more/],
    ["set", under("set", { ...pair, "a/2.png": cut(png()) }), /a\/2.png: the PNG is damaged or cut short/, skip],
    ["set", under("set", { ...pair, "a/2.png": "text" }), /a\/2.png: is no image of a kind that is read/, skip],
    ["set", under("set", { ...pair, "b/2.png": "" }), /b\/2.png: the image is empty/, skip],
    ["set", under("set", { ...pair, "b/2.png": png(1, 5) }), /b\/2.png: is 5 x 5 pixels/, /--size 4x4/],
    [
      "set",
      under("set", { "1.png": png(), "metadata.csv": "file_name,label\n1.png,a\n2.png,b\n" }),
      /metadata.csv, row 2: names "2.png", which is not there/,
      /Take the row away/,
    ],
    [
      "set",
      under("set", { "1.png": png(), "metadata.csv": "file_name,label,label\n1.png,a,b\n" }),
      /two columns named "label"/,
      /once/,
    ],
    [
      "set",
      under("set", { "1.png": png(), "metadata.jsonl": "{oops\n" }),
      /metadata.jsonl, line 1: not valid JSON/,
      whole,
    ],
  ]);
});

describe("zip archives", () => {
  const zip = (files: Record<string, Uint8Array>) => zipSync(files);
  refused([
    ["a.zip", { "a.zip": cut(zip({ "a/1.png": png(), "b/1.png": png() }), 0.6) }, /cut short \(no end record\)/, whole],
    ["a.zip", { "a.zip": "no archive" }, /not a zip archive/, whole],
    ["a.zip", { "a.zip": zip({ "a/1.txt": new Uint8Array(3) }) }, /holds 1 files and no image/, /unzip/],
    [
      "a.zip",
      { "a.zip": zip({ "a/1.png": png(), "b/1.png": cut(png()) }) },
      /a.zip\/b\/1.png: the PNG is damaged/,
      skip,
    ],
  ]);
});

describe("tables", () => {
  refused([
    ["t.csv", { "t.csv": "" }, /the CSV is empty/, /Add a header and rows/],
    ["t.csv", { "t.csv": "a,b,label\n" }, /has a header and no rows/, /Add the rows/],
    ["t.csv", { "t.csv": "a,b,label\n1,2,x\n3,y\n" }, /line 3 has 2 columns, line 1 has 3/, /between quotes/],
    ["t.csv", { "t.csv": "a,b,label\n1,2,x\n3,inf,y\n" }, /column 2 \(b\): an infinite value/, /--drop b/],
    ["t.csv", { "t.csv": "a,b,label\n1,2,x\n3,four,y\n5,6,x\n" }, /line 3, column 2 \(b\): "four"/, /--categories b/],
    ["t.csv", { "t.csv": "a,b\n1.5,2.5\n3.5,4.5\n" }, /column 2 \(b\) was taken for the label/, /--label a/],
    ["t.csv", { "t.csv": "a,label\n1,x\n3,x\n" }, /each of its 2 rows has the same value/, /--label a/],
    [
      "t.csv",
      { "t.csv": "a,label,label\n1,0,1\n3,1,0\n" },
      /column 3 \(label\) and column 2 \(label\) have one name/,
      /--label \d --drop \d/,
    ],
    [
      "t.csv",
      { "t.csv": "a,label\n1,x\n3,y\n" },
      /no column "kind", they are "a", "label"/,
      /--label label/,
      { label: "kind" },
    ],
    [
      "t.csv",
      { "t.csv": Buffer.from("a,label\n1,caf\xe9\n3,y\n", "latin1") },
      /line 2, column 2 is not UTF-8/,
      /UTF-8/,
    ],
    ["t.csv", { "t.csv": Buffer.from("a,label\n1,x\n3,y\n", "utf16le") }, /is not UTF-8/, /UTF-8/],
    ["t.csv", { "t.csv": 'a,label\n"1,x\n3,y\n' }, /line 2: a quoted cell is not closed/, /Close it/],
    ["t.csv", { "t.csv": png() }, /is not UTF-8/, /UTF-8/],
    [
      "t.csv.gz",
      { "t.csv.gz": cut(gzipSync("a,label\n1,x\n3,y\n")) },
      /compressed data is damaged or cut short/,
      whole,
    ],
    ["t.arff", { "t.arff": "hello" }, /line 1: "hello" is not expected above @data/, /@attribute/],
    [
      "t.arff",
      { "t.arff": "@relation r\n@attribute a real\n@attribute c {x,y}\n@data\n1,z\n" },
      /line 5, attribute 2 \(c\): "z"/,
      /levels/,
    ],
  ]);

  test("features of one name are said; one of two labels is left out by its number", async () => {
    const path = await folder.write("twins.csv", "a,a,label,label\n1,2,0,1\n3,4,1,1\n5,7,0,1\n");
    const set = await load(path, { label: "3", drop: ["4"] });
    expect([set.shape, [...set.train.labels]]).toEqual([
      [2, 1, 1],
      [0, 1, 0],
    ]);
    expect(set.reading?.notes).toContain('columns 1 and 2 have one name, "a"');
    expect((await load(path, { label: "4", drop: ["3", "a"] }).catch((error) => error)).message).toMatch(
      /one value|same value|has 1 columns/,
    );
  });
});

describe("Parquet", () => {
  const table = (columns: Parameters<typeof parquetWriteBuffer>[0]["columnData"]) =>
    new Uint8Array(parquetWriteBuffer({ columnData: columns }));
  const numbers = (name: string, data: number[]) => ({ name, data, type: "DOUBLE" as const });
  const plain = table([numbers("a", [1, 2]), { name: "label", data: [1, 1], type: "INT32" }]);
  refused([
    ["t.parquet", { "t.parquet": cut(plain, 0.9) }, /cut short \(no PAR1/, whole],
    ["t.parquet", { "t.parquet": "PAR1" }, /has at least 12 bytes/, whole],
    [
      "t.parquet",
      { "t.parquet": Uint8Array.from([...Buffer.from("PAR1xxxxxxxx"), 255, 255, 255, 127, ...Buffer.from("PAR1")]) },
      /footer claims 2147483647 bytes/,
      whole,
    ],
    ["t.parquet", { "t.parquet": plain }, /each of its 2 rows has the same value/, /--label/],
    [
      "t.parquet",
      {
        "t.parquet": table([
          numbers("a", [1, Number.POSITIVE_INFINITY]),
          { name: "label", data: [0, 1], type: "INT32" },
        ]),
      },
      /column 1 \(a\): an infinite value/,
      /--drop a/,
    ],
  ]);
});

describe("files of arrays", () => {
  const x = { shape: [4, 2, 3], data: Uint8Array.from({ length: 24 }, (_, i) => 50 + i) };
  const y = (...labels: number[]) => ({ shape: [labels.length], data: Int32Array.from(labels) });
  const npz = (arrays: Parameters<typeof encodeNpz>[0]) => ({ "n.npz": encodeNpz(arrays) });
  const floats = (value: number) => ({ shape: [4, 2, 3], data: new Float32Array(24).fill(value, 7, 8) });
  const header = (shape: string) => `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  const npy = (text: string) => Buffer.from(`\x93NUMPY\x01\x00${String.fromCharCode(text.length, 0)}${text}`, "latin1");
  const tensors = encodeSafetensors({ x, y: y(0, 1, 0, 1) });
  refused([
    ["n.npz", npz({ x, y: y(1, 1, 1, 1) }), /one class only \("1"\)/, /two classes or more/],
    ["n.npz", npz({ x, y: y(0, 1, 0) }), /x holds 4 images, y 3 labels/, /--label NAME/],
    ["n.npz", npz({ x }), /has the arrays x \[4,2,3\] \|u1, none of them/, /Name them images and labels/],
    ["n.npz", npz({ x, y: y(0, 1, -1, 2) }), /training label 2 is -1/, /Leave out the rows/],
    [
      "n.npz",
      npz({ x: floats(Number.NaN), y: y(0, 1, 0, 1) }),
      /training image 1 holds a value that is not finite: NaN/,
      /nan_to_num/,
    ],
    [
      "n.npz",
      npz({ x: floats(Number.POSITIVE_INFINITY), y: y(0, 1, 0, 1) }),
      /image 1 holds a value that is not finite: Infinity/,
      /nan_to_num/,
    ],
    [
      "n.npz",
      npz({ x_train: x, y_train: y(0, 1, 0, 1), x_test: x, y_test: y(0, 1, 0, 7) }),
      /test label 3 is "7"/,
      /--test none/,
    ],
    ["n.npz", npz({ x: { shape: [], data: Float32Array.of(3) }, y: y(0, 1) }), /x is one number/, /--images NAME/],
    ["n.npz", { "n.npz": cut(encodeNpz({ x, y: y(0, 1, 0, 1) })) }, /not a zip archive, or cut short/, whole],
    [
      "x.npy",
      { "x.npy": npy(header("(1000000000000,)")), "y.npy": npy(header("(1,)")) },
      /asks for 4000000000000 bytes/,
      whole,
    ],
    [
      "x.npy",
      { "x.npy": npy(header("(4,)")) },
      /one array only, x \[4\] <f4, and there is no file of its labels/,
      /y.npy/,
    ],
    ["s.safetensors", { "s.safetensors": cut(tensors, 0.9) }, /cut short/, whole],
    [
      "s.safetensors",
      { "s.safetensors": Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 16, 123, 125) },
      /header claims 1152921504606846976|header claims 115292150460684/,
      whole,
    ],
    ["h.h5", { "h.h5": cut(golden("usps.h5")) }, /damaged or cut short \(truncated file/, whole],
    ["h.h5", { "h.h5": png() }, /no HDF5 signature/, whole],
    [
      "h.h5",
      { "h.h5": Uint8Array.from(golden("own-names.h5"), (b, i) => (i > 100 && i < 900 ? b ^ 0x5a : b)) },
      /damaged or cut short/,
      whole,
    ],
    ["h.h5", { "h.h5": heapWithoutEnd() }, /damaged \(the heap of its texts\)/, whole],
    ["m.mat", { "m.mat": cut(golden("faces.mat")) }, /cut short/, whole],
    ["m.mat", { "m.mat": png() }, /not a little-endian MATLAB file/, /-v7/],
  ]);
});

describe("the field's own files", () => {
  const idx = (dims: number[], data: number) =>
    Uint8Array.from([0, 0, 8, dims.length, ...dims.flatMap((d) => [0, 0, d >> 8, d & 255]), ...new Uint8Array(data)]);
  const images = "train-images-idx3-ubyte";
  const labels = "train-labels-idx1-ubyte";
  refused([
    [images, { [images]: idx([2, 2, 2], 8) }, /train-labels-idx1-ubyte: no such file/, /Fetch/],
    [images, { [images]: idx([2, 2, 2], 5), [labels]: idx([2], 2) }, /asks for 8 bytes of data, the file has 5/, whole],
    [
      "train",
      under("train", { [images]: idx([2, 2, 2], 8), [labels]: idx([3], 3) }),
      /3 labels for 2 images/,
      /one split/,
    ],
    ["e.bin", { "e.bin": new Uint8Array(1000) }, /no whole number of cifar-100 records/, whole],
    ["odd.xyz", { "odd.xyz": "text" }, /the kind of file is not recognised by its name/, /\.h5/],
  ]);
});
