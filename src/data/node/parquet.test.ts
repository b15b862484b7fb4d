import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
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

test("JPEG in Parquet is refused with a command for Parquet", async () => {
  const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0);
  const columns = [
    { name: "image", type: 6, bytes: plainPage(cell(jpeg), 1), values: 1 },
    { name: "label", type: 1, bytes: plainPage(u32(1), 1), values: 1 },
  ];
  await expect(read(parquetFile([{ rows: 1, columns }], 1))).rejects.toMatchObject({
    message: expect.stringContaining("row 0: is JPEG: only PNG images are decoded"),
    hint: expect.stringMatching(/^With Python, pyarrow and Pillow .*x\.parquet .*x-png\.parquet image$/),
  });
});
