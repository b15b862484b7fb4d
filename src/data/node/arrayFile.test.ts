import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ReadOptions } from "../readOptions.ts";
import { load } from "./load.node.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "attar-arrays-"));
});
afterAll(() => rm(root, { recursive: true }));

/** An array as NumPy saves it. */
function npy(descr: string, shape: readonly number[], data: Uint8Array, fortran = false): Uint8Array {
  const order = fortran ? "True" : "False";
  const header = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape.join(", ")},), }\n`;
  const out = new Uint8Array(10 + header.length + data.length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  out.set(new TextEncoder().encode(header), 10);
  out.set(data, 10 + header.length);
  return out;
}
const bytes = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
const ints = (...values: number[]) => npy("<i8", [values.length], bytes(BigInt64Array.from(values, BigInt)));
const points = (...texts: string[]) => {
  const length = Math.max(...texts.map((t) => t.length));
  const data = new Uint32Array(texts.length * length);
  for (const [i, t] of texts.entries()) for (let c = 0; c < t.length; c++) data[i * length + c] = t.charCodeAt(c);
  return npy(`<U${length}`, [texts.length], bytes(data));
};
let files = 0;
async function read(arrays: Record<string, Uint8Array>, options?: ReadOptions) {
  const path = join(root, `a${files++}.npz`);
  const entries = Object.entries(arrays).map(([name, data]) => [`${name}.npy`, data] as const);
  await writeFile(path, zipSync(Object.fromEntries(entries)));
  return load(path, options);
}
/** Four images of one pixel a channel: 1, 2, 3, 4. */
const images = npy("|u1", [4, 1, 1], Uint8Array.of(1, 2, 3, 4));
const labels = ints(0, 1, 0, 1);
const half = Uint8Array.of(0, 0x38, 0, 0x3c, 0, 0xc0, 0, 0x40); // 0.5, 1, -2, 2

describe("kinds of numbers", () => {
  const big = (...values: number[]) => {
    const view = new DataView(new ArrayBuffer(4 * values.length));
    for (const [i, v] of values.entries()) view.setFloat32(4 * i, v, false);
    return bytes(view);
  };
  test.each([
    ["half precision", npy("<f2", [4, 1, 1], half), [0.5, 1, -2, 2]],
    ["big-endian", npy(">f4", [4, 1, 1], big(0.5, 1, -2, 2)), [0.5, 1, -2, 2]],
    ["Fortran order", npy("<f4", [4, 1, 1], bytes(Float32Array.of(0.5, 1, -2, 2)), true), [0.5, 1, -2, 2]],
    ["truth values", npy("|b1", [4, 1, 1], Uint8Array.of(1, 0, 1, 0)), [1, 0, 1, 0]],
  ])("%s", async (_, x, expected) => expect([...(await read({ images: x, labels })).train.images]).toEqual(expected));

  test("Fortran order of two images of 2 x 3 pixels", async () => {
    const x = npy(
      "<f4",
      [2, 2, 3],
      bytes(Float32Array.of(0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11).map((v) => v + 0.5)),
      true,
    );
    expect([...(await read({ images: x, labels: ints(0, 1) })).train.images]).toEqual(
      Array.from({ length: 12 }, (_, i) => i + 0.5),
    );
  });

  test("safetensors: F16 and BF16 are read, others do no harm unless they are asked for", async () => {
    const write = async (header: object, data: Uint8Array) => {
      const text = new TextEncoder().encode(JSON.stringify(header));
      const path = join(root, `t${files++}.safetensors`);
      const length = new Uint8Array(8);
      new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
      await writeFile(path, Buffer.concat([length, text, data]));
      return path;
    };
    const brain = Uint8Array.of(0, 0x3f, 0x80, 0x3f, 0, 0xc0, 0, 0x40); // 0.5, 1, -2, 2
    const tail = Uint8Array.of(0, 1, 0, 1, 9, 9);
    for (const [dtype, data] of [
      ["F16", half],
      ["BF16", brain],
    ] as const) {
      const header = (name: string) => ({
        images: { dtype, shape: [4, 1, 1], data_offsets: [0, 8] },
        labels: { dtype: "U8", shape: [4], data_offsets: [8, 12] },
        [name]: { dtype: "F8_E4M3", shape: [2], data_offsets: [12, 14] },
      });
      const set = await load(await write(header("zca"), Buffer.concat([data, tail])));
      expect([...set.train.images]).toEqual([0.5, 1, -2, 2]);
      const path = await write(header("x"), Buffer.concat([data, tail]));
      await expect(load(path, { images: "x" })).rejects.toThrow('tensor "x" has dtype F8_E4M3, which is not read');
    }
  });
});

describe("names", () => {
  test.each([
    ["X_train", "y_train", "X_test", "y_test"],
    ["x_train", "Y_train", "x_val", "Y_val"],
    ["trainX", "trainY", "testX", "testY"],
    ["train_images", "train_labels", "val_images", "val_labels"],
    ["images", "labels", "test_images", "test_labels"],
    ["Images", "Labels", "Test_Images", "Test_Labels"],
    ["X", "y", "X_test", "y_test"],
    ["data", "target", "test_data", "test_target"],
    ["arr_0", "arr_1", "arr_2", "arr_3"],
    ["arr_0", "arr_2", "arr_1", "arr_3"],
  ])("%s, %s, %s, %s", async (x, y, tx, ty) => {
    const set = await read({
      [x]: images,
      [y]: labels,
      [tx]: npy("|u1", [1, 1, 1], Uint8Array.of(9)),
      [ty]: ints(1),
    });
    const found = [[...set.train.images], [...set.train.labels], [...set.test.images], [...set.test.labels]];
    expect(found).toEqual([[1, 2, 3, 4], [0, 1, 0, 1], [9], [1]]);
  });

  test("--images and --label name others; wrong ones list what is there", async () => {
    const arrays = { pictures: images, kinds: labels };
    await expect(read(arrays)).rejects.toMatchObject({
      hint: expect.stringContaining("--images pictures --label kinds"),
    });
    expect((await read(arrays, { images: "pictures", label: "kinds" })).train.labels.length).toBe(4);
    await expect(read({ ...arrays, images, labels }, { label: "kind" })).rejects.toThrow('has no array "kind"');
  });

  test("arrays that nobody asked for are not looked at", async () => {
    const odd = { info: npy("|O", [1], new Uint8Array(8)), when: npy("<M8[s]", [1], new Uint8Array(8)) };
    expect((await read({ images, labels, ...odd })).train.labels.length).toBe(4);
    await expect(read({ images: odd.info, labels })).rejects.toThrow('dtype "|O"');
  });
});

describe("labels", () => {
  const hot = (rows: number[][]) => npy("<f4", [rows.length, rows[0]!.length], bytes(Float32Array.from(rows.flat())));
  test("one-hot rows; soft ones are refused", async () => {
    const y = hot([
      [0, 0, 1],
      [1, 0, 0],
      [0, 0, 1],
      [1, 0, 0],
    ]);
    const set = await read({ images, labels: y });
    expect([set.classes, [...set.train.labels], set.reading?.labels]).toEqual([
      ["0", "2"],
      [1, 0, 1, 0],
      "the array labels, one-hot",
    ]);
    const soft = hot(Array.from({ length: 4 }, () => [0.5, 0.5]));
    await expect(read({ images, labels: soft })).rejects.toThrow("not one-hot: soft and multiple labels are not read");
  });

  test("texts, byte strings, and names beside numbers", async () => {
    expect((await read({ images, labels: points("dog", "cat", "dog", "ox") })).classes).toEqual(["cat", "dog", "ox"]);
    const strings = npy("|S3", [4], new TextEncoder().encode("dogcatdogox\0"));
    const set = await read({ images, labels: strings });
    expect([set.classes, [...set.train.labels]]).toEqual([
      ["cat", "dog", "ox"],
      [1, 0, 1, 2],
    ]);
    const named = await read({ images, labels, class_names: points("low", "high", "unused") });
    expect([named.classes, named.reading?.notes]).toEqual([
      ["low", "high"],
      ['classes without a training image are left out: "unused"'],
    ]);
  });

  test("from 1, with gaps, and a test split of -1", async () => {
    const set = await read({
      images,
      labels: ints(1, 7, 3, 1),
      test_images: images,
      test_labels: ints(-1, -1, -1, -1),
    });
    expect([set.classes, [...set.train.labels], set.test.labels.length]).toEqual([["1", "3", "7"], [0, 2, 1, 0], 0]);
    expect(set.reading?.notes).toEqual([
      'the labels are "1", "3", "7": classes 0 to 2 in this order',
      "the test split has no labels and is left out",
    ]);
  });
});

test.each([2, 4, 13])("%d channels are refused with what to do", async (channels) => {
  const x = npy("|u1", [4, 5, 5, channels], new Uint8Array(100 * channels));
  await expect(read({ images: x, labels })).rejects.toMatchObject({
    message: expect.stringContaining("neither one nor three channels"),
    hint: expect.stringContaining("rows [n,features]"),
  });
});
