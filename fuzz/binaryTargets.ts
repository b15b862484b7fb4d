import { gzipSync, zipSync, zlibSync } from "fflate";
import { parseBmp } from "../src/data/formats/bmp.ts";
import { parseCifar } from "../src/data/formats/cifar.ts";
import { crc32 } from "../src/data/formats/crc32.ts";
import { parseIdx } from "../src/data/formats/idx.ts";
import { type Inflate, inflate } from "../src/data/formats/inflate.ts";
import { inflateLimit } from "../src/data/formats/inflateLimit.ts";
import { parseMatlab } from "../src/data/formats/matlab.ts";
import { encodeNpy, type NumericTensor, parseNpy } from "../src/data/formats/npy.ts";
import { encodeNpz, parseNpz } from "../src/data/formats/npz.ts";
import { encodePng, parsePng } from "../src/data/formats/png.ts";
import { parseSvhn } from "../src/data/formats/svhn.ts";
import { parseTar } from "../src/data/formats/tar.ts";
import { openZip } from "../src/data/formats/zipArchive.ts";
import { treeOf } from "../src/data/images/fileTree.ts";
import { listImages } from "../src/data/images/listImages.ts";
import { nativeInflate } from "../src/data/node/nativeInflate.node.ts";
import { AttarError } from "../src/engine/errors.ts";
import { bmpFile } from "../test/fixtures/files/bmpFile.ts";
import { bytesOf, join, ramp, u32 } from "../test/fixtures/files/bytes.ts";
import { compressions } from "../test/fixtures/files/compressed.ts";
import { idx, mat, tar } from "../test/fixtures/files/oldFormats.ts";
import {
  cell,
  dictionaryPages,
  list,
  parquetFile,
  plainPage,
  struct,
  text,
} from "../test/fixtures/files/parquetFile.ts";
import { parquetPixels } from "../test/fixtures/files/parquetPixels.ts";
import { pngFile } from "../test/fixtures/files/pngFile.ts";
import { stored, zipFile } from "../test/fixtures/files/zipFile.ts";
import type { Target } from "./target.ts";

const arrays: Record<string, NumericTensor> = {
  images: { shape: [4, 2, 2], data: ramp(16) },
  labels: { shape: [4], data: BigInt64Array.of(0n, 1n, 0n, 1n) },
};
const npys = [
  encodeNpy(arrays.images!),
  encodeNpy(arrays.labels!),
  encodeNpy({ shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) }),
];
const pngs = () => [
  encodePng({ channels: 3, height: 5, width: 4, data: ramp(60) }),
  pngFile({
    width: 9,
    height: 7,
    depth: 2,
    type: 3,
    interlaced: true,
    sample: (x, y) => (x + y) % 4,
    palette: ramp(12),
  }),
  pngFile({ width: 5, height: 3, depth: 16, type: 6, sample: (x, y, s) => 999 * x + 77 * y + s, filter: (y) => y % 5 }),
  pngFile({ width: 10, height: 4, depth: 1, type: 0, sample: (x, y) => (x ^ y) & 1 }),
];

/** One of every depth, run-length encoded, upside down, and with masks. */
const bmps = () => [
  bmpFile({ width: 5, height: 3, bits: 24, pixels: ramp(48) }),
  bmpFile({ width: 4, height: -2, bits: 32, pixels: ramp(32) }),
  bmpFile({ width: 3, height: 2, bits: 16, method: 3, masks: [0xf800, 0x07e0, 0x001f], pixels: ramp(16) }),
  bmpFile({ width: 9, height: 2, bits: 1, palette: ramp(8), pixels: ramp(8) }),
  bmpFile({ width: 6, height: 2, bits: 8, method: 1, palette: ramp(64), pixels: runs }),
  bmpFile({ width: 6, height: 2, bits: 4, method: 2, palette: ramp(64), pixels: halfRuns }),
];
const halfRuns = Uint8Array.of(4, 0x12, 0, 0, 0, 4, 0x34, 0x56, 0, 1);
const runs = Uint8Array.of(4, 3, 2, 1, 0, 0, 0, 3, 5, 6, 7, 0, 0, 2, 1, 0, 1, 9, 0, 1);

const parquets = () => {
  const [a, b] = pngs();
  const [images, labels] = [join(cell(a!), cell(b!)), u32(0, 1, 1, 0)];
  const columns = (codec: number, pack: (data: Uint8Array) => Uint8Array) => [
    { name: "image", type: 6, bytes: plainPage(images, 2, pack(images)), values: 2, codec },
    { name: "label", type: 1, bytes: plainPage(labels, 2, pack(labels)), values: 2, codec },
  ];
  const repeated = [
    { name: "image", type: 6, bytes: dictionaryPages(cell(a!), 5), values: 5 },
    { name: "label", type: 1, bytes: dictionaryPages(u32(3), 5), values: 5 },
  ];
  const names = JSON.stringify({ info: { features: { label: { names: ["cat", "dog"] } } } });
  const more = { 5: list(struct({ 1: text("huggingface"), 2: text(names) })) };
  const packed = [...compressions].map(([codec, pack]) => ({ rows: 2, columns: columns(codec, pack) }));
  return [
    ...packed.map((group) => parquetFile([group], 2, more)),
    parquetFile([packed[0]!, { rows: 5, columns: repeated }], 7),
  ];
};

/** Both ways to inflate must agree on what is read and to what. */
function agreeing(bytes: Uint8Array): Uint8Array {
  const limit = inflateLimit(bytes.length);
  const tries = [inflate, nativeInflate].map((unpack) => attempt(unpack, bytes, limit));
  const [portable, native] = tries;
  if (portable instanceof Uint8Array && native instanceof Uint8Array && crc32(portable) !== crc32(native))
    throw new Error("the two inflaters disagree");
  if (!(native instanceof Uint8Array)) throw native;
  return native;
}

function attempt(unpack: Inflate, bytes: Uint8Array, limit: number): Uint8Array | AttarError {
  try {
    return unpack(bytes, "gzip", limit, "f");
  } catch (error) {
    if (error instanceof AttarError) return error;
    throw error;
  }
}

/** A PNG with the checksums of its chunks put right, as far as it has chunks. */
function withChecksums(bytes: Uint8Array): Uint8Array {
  const out = bytes.slice();
  const view = new DataView(out.buffer);
  for (let at = 8; at + 12 <= out.length; ) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > out.length) break;
    view.setUint32(end, crc32(out.subarray(at + 4, end)));
    at = end + 4;
  }
  return out;
}

const idxs = [idx([4, 2, 2], ramp(16)), idx([7], ramp(7))];
const record = (labels: number[]) => join(...labels.map((label) => join(Uint8Array.of(label), ramp(3072))));

/** Parsers of datasets in binary formats. */
export const binaryTargets: readonly Target[] = [
  { name: "idx", seeds: () => idxs, parse: (bytes) => parseIdx(bytes, "f") },
  {
    name: "gzip",
    seeds: () => idxs.map((bytes) => gzipSync(bytes)),
    parse: (bytes) => parseIdx(agreeing(bytes), "f"),
  },
  {
    name: "cifar",
    seeds: () => [record([3, 9]), record([0])],
    parse: (bytes) => [parseCifar([{ bytes, where: "f" }], bytes.length % 3073 === 0 ? "cifar-10" : "cifar-100")],
  },
  { name: "npy", seeds: () => npys, parse: (bytes) => parseNpy(bytes, "f") },
  {
    name: "npz",
    seeds: () => [encodeNpz(arrays), zipFile(npys.map((bytes, i) => stored(`${i}.npy`, bytes)))],
    parse: (bytes) => parseNpz(bytes, "f", bytes.length % 2 === 0 ? nativeInflate : inflate),
  },
  {
    name: "arrays-in-npz",
    seeds: () => npys,
    sealed: (bytes) => zipSync({ "images.npy": bytes, "labels.npy": npys[1]! }),
    parse: (bytes) => parseNpz(bytes, "f", nativeInflate),
  },
  {
    name: "png",
    seeds: pngs,
    sealed: withChecksums,
    parse: (bytes) => parsePng(bytes, "f", bytes.length % 2 === 0 ? {} : { unpack: nativeInflate }),
  },
  {
    name: "bmp",
    seeds: bmps,
    parse: (bytes) => parseBmp(bytes, "f"),
  },
  {
    name: "zip",
    seeds: () => [
      zipSync({ "a/1.png": pngs()[0]!, "b/2.png": pngs()[1]! }),
      zipFile(pngs().map((bytes, i) => stored(`${i % 2}/${i}.png`, bytes))),
    ],
    async parse(bytes) {
      const archive = await openZip(bytes.slice().buffer, "f", bytes.length % 2 === 0 ? nativeInflate : inflate);
      for (const name of archive.names) await archive.read(name);
      await listImages({ root: treeOf(archive.names), name: "f", read: archive.read }, { advice: "" });
    },
  },
  {
    name: "matlab",
    seeds: () => [mat([1, 10]), plainMatlab()],
    parse: (bytes) => parseMatlab(bytes, "f", nativeInflate),
  },
  { name: "svhn", seeds: () => [mat([1, 10])], parse: (bytes) => parseSvhn(bytes, "f") },
  { name: "tar", seeds: () => [tar("x/a.bin", ramp(700))], parse: (bytes) => parseTar(bytes, ["a.bin"], "f") },
  {
    name: "parquet",
    seeds: parquets,
    parse: (bytes) => parquetPixels(bytes, nativeInflate, "4"),
  },
];

/** A MATLAB file whose arrays are not compressed, so that changes reach them. */
function plainMatlab(): Uint8Array {
  const element = (type: number, data: Uint8Array) =>
    join(u32(type, data.length), data, new Uint8Array((8 - (data.length % 8)) % 8));
  const head = new Uint8Array(128);
  head.set([0, 1, 0x49, 0x4d], 124);
  const one = (name: string, type: number, dims: number[], data: Uint8Array) =>
    element(14, join(element(6, u32(9, 0)), element(5, u32(...dims)), element(1, bytesOf(name)), element(type, data)));
  const packed = zlibSync(one("c", 2, [2, 2], ramp(4)));
  return join(head, one("a", 2, [3, 2], ramp(6)), one("b", 9, [2, 1], ramp(16)), u32(15, packed.length), packed);
}
