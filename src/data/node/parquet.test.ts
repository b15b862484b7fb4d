import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { join as joined, u32 } from "../../../test/fixtures/files/bytes.ts";
import {
  cell,
  list,
  parquetFile,
  plainPage,
  struct,
  type Thrift,
  text,
} from "../../../test/fixtures/files/parquetFile.ts";
import { encodePng } from "../formats/png.ts";
import type { ReadOptions } from "../readOptions.ts";
import { load } from "./load.node.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "attar-parquet-"));
});
afterAll(() => rm(root, { recursive: true }));
let folders = 0;
async function folder(files: Record<string, Uint8Array>): Promise<string> {
  const at = join(root, `p${folders++}`);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(at, name)), { recursive: true });
    await writeFile(join(at, name), content);
  }
  return at;
}
const read = async (bytes: Uint8Array, options?: ReadOptions) =>
  load(join(await folder({ "x.parquet": bytes }), "x.parquet"), options);

const png = (value: number) => encodePng({ channels: 1, height: 1, width: 1, data: Uint8Array.of(value) });
/** A column of labels: its physical type and its values as a plain page has them. */
interface Labels {
  readonly type: number;
  readonly bytes: Uint8Array;
}
const integers = (...values: number[]): Labels => ({ type: 1, bytes: u32(...values.map((v) => v >>> 0)) });
const texts = (...values: string[]): Labels => ({
  type: 6,
  bytes: joined(...values.map((value) => cell(new TextEncoder().encode(value)))),
});
/** Images whose one pixel is 10, 11, …, with labels and, where given, names of a ClassLabel. */
function parquet(labels: Labels | undefined, rows: number, names?: string[], column = "label", first = 10): Uint8Array {
  const images = joined(...Array.from({ length: rows }, (_, i) => cell(png(first + i))));
  const chunk = (name: string, type: number, bytes: Uint8Array) => ({
    name,
    type,
    bytes: plainPage(bytes, rows),
    values: rows,
  });
  const columns = [
    chunk("image", 6, images),
    ...(labels ? [chunk(column, labels.type, labels.bytes)] : [chunk("id", 1, u32(...Array(rows).keys()))]),
  ];
  const info = JSON.stringify({ info: { features: { [column]: { names, _type: "ClassLabel" } } } });
  const more: Record<number, Thrift> = names ? { 5: list(struct({ 1: text("huggingface"), 2: text(info) })) } : {};
  return parquetFile([{ rows, columns }], rows, more);
}

describe("labels", () => {
  test.each([
    ["truth values", { type: 0, bytes: Uint8Array.of(0b0101) }, ["False", "True"], [1, 0, 1, 0]],
    [
      "doubles",
      { type: 5, bytes: new Uint8Array(Float64Array.of(10, 2, 1, 10).buffer) },
      ["1", "2", "10"],
      [2, 1, 0, 2],
    ],
    ["floats", { type: 4, bytes: new Uint8Array(Float32Array.of(0, 1, 1, 0).buffer) }, ["0", "1"], [0, 1, 1, 0]],
    ["whole numbers from 1 with a gap", integers(1, 5, 2, 1), ["1", "2", "5"], [0, 2, 1, 0]],
    ["-1 and 1", integers(-1, 1, -1, 1), ["-1", "1"], [0, 1, 0, 1]],
    ["texts", texts("dog, big", "cat", "cat", "emu"), ["cat", "dog, big", "emu"], [1, 0, 0, 2]],
  ] as const)("%s", async (_, labels, classes, indices) => {
    const set = await read(parquet(labels, 4));
    expect([set.classes, [...set.train.labels], [...set.train.images]]).toEqual([classes, indices, [10, 11, 12, 13]]);
  });

  test("names of a ClassLabel that no image has are left out and said to be", async () => {
    const set = await read(parquet(integers(0, 3, 0, 3), 4, ["a", "b", "c", "d"]));
    expect([set.classes, [...set.train.labels], set.reading?.notes]).toEqual([
      ["a", "d"],
      [0, 1, 0, 1],
      ['classes without a training image are left out: "b", "c"'],
    ]);
  });

  test("decimals and -1 among others are refused; another column is named", async () => {
    await expect(read(parquet({ type: 5, bytes: new Uint8Array(Float64Array.of(0.5, 1).buffer) }, 2))).rejects.toThrow(
      "has the label 0.5",
    );
    await expect(read(parquet(integers(0, 1, 2, -1), 4))).rejects.toThrow("training label 3 is -1");
    const other = parquet(integers(4, 7), 2, undefined, "sort");
    await expect(read(other)).rejects.toMatchObject({ hint: expect.stringContaining("--label sort") });
    expect((await read(other, { label: "sort" })).classes).toEqual(["4", "7"]);
  });
});

describe("splits", () => {
  const names = ["a", "b", "c"];
  const train = parquet(integers(0, 1, 0, 1), 4, names);
  test.each([
    ["train-00000-of-00001.parquet", "test-00000-of-00001.parquet"],
    ["data/train-0.parquet", "data/test-0.parquet"],
    ["default/train/0000.parquet", "default/test/0000.parquet"],
    ["plain_text/train/0000.parquet", "plain_text/validation/0000.parquet"],
    ["train/0.parquet", "valid/0.parquet"],
    ["cats/train.parquet", "cats/val.parquet"],
    ["default/partial-train/0000.parquet", "default/partial-test/0000.parquet"],
  ])("%s and %s", async (one, other) => {
    const set = await load(await folder({ [one]: train, [other]: parquet(integers(1), 1, names, "label", 99) }));
    expect([set.train.labels.length, [...set.test.labels], [...set.test.images]]).toEqual([4, [1], [99]]);
  });

  test.each([
    ["each label is -1", parquet(integers(-1, -1), 2, names)],
    ["there is no label column", parquet(undefined, 2)],
  ])("a test split where %s is left out for the validation split", async (_, unlabelled) => {
    const files = { "train-0.parquet": train, "test-0.parquet": unlabelled };
    const alone = await load(await folder(files));
    expect(alone.test.labels.length).toBe(0);
    expect(alone.reading?.notes.join()).toContain("the test split is left out: it has no labels");
    const set = await load(await folder({ ...files, "validation-0.parquet": parquet(integers(1, 0), 2, names) }));
    expect([[...set.test.labels], set.reading?.testSplit]).toEqual([[1, 0], "the validation split"]);
  });

  test("test images of classes that are left out are left out with them", async () => {
    const test = parquet(integers(2, 1, 2, 0), 4, names, "label", 50);
    const set = await load(await folder({ "train-0.parquet": train, "test-0.parquet": test }));
    expect([set.classes, [...set.test.labels], [...set.test.images]]).toEqual([
      ["a", "b"],
      [1, 0],
      [51, 53],
    ]);
    expect(set.reading?.notes.join()).toContain("test images of these classes are left out: 2");
  });

  test("several configurations are refused, each by its folder read", async () => {
    const at = await folder({ "fine/train-0.parquet": train, "coarse/train-0.parquet": train });
    await expect(load(at)).rejects.toMatchObject({
      message: expect.stringContaining('holds 2 configurations: "coarse", "fine"'),
      hint: `Give the folder of one of them: ${join(at, "coarse")}`,
    });
    expect((await load(join(at, "coarse"))).train.labels.length).toBe(4);
  });
});

describe("images of any kind", () => {
  /** A picture of one colour, in the layout of the Hub: {bytes, path}, its mask beside it, and a ClassLabel. */
  const solid = (value: number, side = 8) =>
    sharp({ create: { width: side, height: side, channels: 3, background: { r: value, g: value, b: value } } });
  const rows = async () => {
    const encoded = await Promise.all([
      solid(10).jpeg().toBuffer(),
      solid(60, 16).webp({ lossless: true }).toBuffer(),
      solid(200).png().toBuffer(),
      solid(90).tiff().toBuffer(),
    ]);
    const mask = await solid(1).png().toBuffer();
    const chunk = (name: string, cells: readonly Uint8Array[]) => ({
      name,
      type: 6,
      bytes: plainPage(joined(...cells.map(cell)), cells.length),
      values: cells.length,
    });
    const columns = [
      chunk(
        "img",
        encoded.map(() => mask),
      ),
      chunk("image", encoded),
      { name: "label", type: 1, bytes: plainPage(u32(1, 0, 1, 0), 4), values: 4 },
    ];
    return parquetFile([{ rows: 4, columns }], 4);
  };

  test("are brought to one size; a column may be named", async () => {
    const set = await read(await rows(), { size: "4", grey: true });
    expect([set.shape, [...set.train.labels]]).toEqual([
      [1, 4, 4],
      [1, 0, 1, 0],
    ]);
    expect([...set.train.images].filter((_, i) => i % 16 === 0)).toEqual([10, 60, 200, 90]);
    const masks = await read(await rows(), { images: "img" });
    expect([masks.shape, masks.train.images[0]]).toEqual([[3, 8, 8], 1]);
  });

  test("one that is damaged is named by its row, or passed over with its label", async () => {
    const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0);
    const columns = [
      { name: "image", type: 6, bytes: plainPage(joined(cell(png(1)), cell(jpeg), cell(png(2))), 3), values: 3 },
      { name: "label", type: 1, bytes: plainPage(u32(0, 1, 1), 3), values: 3 },
    ];
    const bytes = parquetFile([{ rows: 3, columns }], 3);
    await expect(read(bytes)).rejects.toMatchObject({
      message: expect.stringContaining("row 1: the JPEG image is damaged or cut short"),
      hint: expect.stringContaining("--skip-unreadable"),
    });
    const set = await read(bytes, { skipUnreadable: true });
    expect([[...set.train.images], [...set.train.labels]]).toEqual([
      [1, 2],
      [0, 1],
    ]);
  });
});
