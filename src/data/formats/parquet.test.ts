import { describe, expect, test } from "vitest";
import { bytesOf, join, ramp, u32 } from "../../../test/fixtures/files/bytes.ts";
import {
  type ChunkPlan,
  cell,
  dictionaryPages,
  i64,
  parquetFile,
  plainPage,
  struct,
  text,
  thrift,
} from "../../../test/fixtures/files/parquetFile.ts";
import { parquetPixels } from "../../../test/fixtures/files/parquetPixels.ts";
import { openParquet } from "./parquet.ts";
import { encodePng } from "./png.ts";
import { ThriftReader, thriftType } from "./thriftCompact.ts";

const png = (seed: number) => encodePng({ channels: 1, height: 8, width: 8, data: ramp(64 + seed).slice(seed) });
const images = (...seeds: number[]): ChunkPlan => ({
  name: "image",
  type: 6,
  bytes: plainPage(join(...seeds.map((seed) => cell(png(seed)))), seeds.length),
  values: seeds.length,
});
const labels = (...values: number[]): ChunkPlan => ({
  name: "label",
  type: 1,
  bytes: plainPage(u32(...values), values.length),
  values: values.length,
});
/** A group of which all rows are one image and one label, by dictionary: some hundred bytes whatever `rows` is. */
const repeated = (rows: number) => ({
  rows,
  columns: [
    { name: "image", type: 6, bytes: dictionaryPages(cell(png(0)), Math.max(0, rows)), values: Math.max(0, rows) },
    { name: "label", type: 1, bytes: dictionaryPages(u32(1), Math.max(0, rows)), values: Math.max(0, rows) },
  ],
});

const parse = (bytes: Uint8Array) => parquetPixels(bytes);
async function refuses(bytes: Uint8Array, message: RegExp) {
  const before = process.cpuUsage();
  await expect(parse(bytes)).rejects.toMatchObject({ name: "AttarError", message: expect.stringMatching(message) });
  const { user, system } = process.cpuUsage(before);
  expect(user + system).toBeLessThan(2e6);
}

test("groups of plain and of dictionary pages are read", async () => {
  const read = await parse(parquetFile([{ rows: 2, columns: [images(0, 9), labels(3, 4)] }, repeated(3)], 5));
  expect(read.labels).toEqual([3, 4, 1, 1, 1]);
  expect([...read.images.data].filter((_, i) => i % 64 === 1)).toEqual([37, 370 % 256, 37, 37, 37]);
});

describe("refused at once", () => {
  test.each([1e7, 3e8, 1e9])("row groups of %d and of as many rows less than none", (rows) =>
    refuses(
      parquetFile([repeated(rows), repeated(1 - rows)], 1),
      /^f: its Parquet footer is damaged \(a row group has -\d+ rows\)/,
    ),
  );
  test.each([
    ["more rows than the file has bytes", parquetFile([repeated(1e9)], 1e9), /claims 1000000000 rows/],
    ["rows that do not sum", parquetFile([repeated(3)], 4), /claims 4 rows in groups of 3/],
    ["no number of rows", parquetFile([repeated(3)], -3), /claims -3 rows/],
    [
      "columns of fewer values than rows",
      parquetFile([{ rows: 3, columns: [images(1, 2), labels(1, 2)] }], 3),
      /column image does not have 3 values/,
    ],
    [
      "columns of negative values",
      parquetFile([{ rows: 1, columns: [{ ...images(1), values: -1 }, labels(1)] }], 1),
      /column "image" has no valid size/,
    ],
    ["no metadata of columns", parquetFile([{ rows: 1, columns: [] }], 1), /column image does not have 1 values/],
    [
      "a page of more values than are left",
      parquetFile([{ rows: 1, columns: [{ ...images(1), bytes: plainPage(cell(png(1)), 1e9) }, labels(1)] }], 1),
      /a page claims 1000000000 values, 1 are left/,
    ],
    [
      "a page of negative values",
      parquetFile([{ rows: 1, columns: [{ ...images(1), bytes: plainPage(cell(png(1)), -1) }, labels(1)] }], 1),
      /a page header is damaged/,
    ],
    [
      "a page that would unpack to a gigabyte",
      parquetFile([{ rows: 1, columns: [{ ...images(1), bytes: bomb(2 ** 30), codec: 6 }, labels(1)] }], 1),
      /would take more than 67108864 in memory/,
    ],
    [
      "a zstd frame that claims more than its page",
      parquetFile([{ rows: 1, columns: [{ ...images(1), bytes: bomb(100), codec: 6 }, labels(1)] }], 1),
      /a page holds \d+ bytes, its header says 100/,
    ],
  ] as const)("%s", (_what, bytes, message) => refuses(bytes, message));

  test("a great many rows of one large image", async () => {
    const large = encodePng({ channels: 1, height: 2000, width: 2000, data: new Uint8Array(4e6) });
    const group = repeated(1000);
    const image = { ...group.columns[0]!, bytes: dictionaryPages(cell(large), 1000) };
    const file = parquetFile([{ rows: 1000, columns: [image, group.columns[1]!] }], 1000);
    await refuses(
      file,
      /^f: 1000 images of 2000 x 2000 pixels take 4000000000 bytes, more than the 67108864 there are/,
    );
  });

  test("column chunks that are read over and over", async () => {
    const [image, label] = [images(1), labels(1)];
    const again = {
      rows: 1,
      columns: [
        { ...image, at: 4 },
        { ...label, at: 4 + image.bytes.length },
      ],
    };
    const groups = [{ rows: 1, columns: [image, label] }, ...Array(100).fill(again)];
    await refuses(parquetFile(groups, 101), /^f: the Parquet columns overlap\.$/);
  });

  test.each([11, 200_000, 1_000_000])("a number of %d bytes in the footer", (length) => {
    const long = new Uint8Array(length).fill(0x80);
    const footer = join(Uint8Array.of(0x15), long, Uint8Array.of(0, 0));
    return refuses(join(bytesOf("PAR1"), footer, u32(footer.length), bytesOf("PAR1")), /a number is too long/);
  });

  test("column metadata that is no struct", async () => {
    const bytes = parquetFile([{ rows: 1, columns: [images(1), labels(1)] }], 1);
    // Field 3 of the column chunk becomes "false": type 2 in place of 12, and its content is read as fields.
    for (let at = 4; at < bytes.length; at++)
      if (bytes[at] === 0x1c)
        await expect(parse(bytes.with(at, 0x12))).rejects.toMatchObject({ name: "AttarError", exitCode: 2 });
  });

  test("structs and lists nested without end, lists that claim more than there is", async () => {
    const file = (footer: Uint8Array) => join(bytesOf("PAR1"), footer, u32(footer.length), bytesOf("PAR1"));
    await refuses(file(new Uint8Array(100_000).fill(0x1c)), /nested too deep/);
    await refuses(file(join(Uint8Array.of(0x19), new Uint8Array(100_000).fill(0x19))), /nested too deep/);
    await refuses(file(Uint8Array.of(0x29, 0xfc, 255, 255, 255, 255, 15, 0)), /a list claims 4294967295 elements/);
  });
});

test("class names come from own keys of the metadata alone", async () => {
  const file = (value: string) =>
    parquetFile([{ rows: 1, columns: [images(1), labels(0)] }], 1, {
      5: { list: [struct({ 1: text("huggingface"), 2: text(value) })] },
    });
  const names = { info: { features: { label: { names: ["cat"] } } } };
  const classesOf = async (value: string) => (await openParquet(file(value).slice().buffer, "f")).classes;
  expect(await classesOf(JSON.stringify(names))).toEqual(["cat"]);
  for (const odd of ["{", "null", "[]", '{"info":{"features":{"label":5}}}', '{"__proto__":{"info":{}}}'])
    expect(await classesOf(odd)).toBeUndefined();
});

test("Thrift: fields that nobody asks for are passed over, whatever they are", () => {
  const fields = struct({
    1: i64(-5),
    2: text("x"),
    3: { list: [i64(1), i64(2)] },
    4: { bool: true },
    5: struct({ 1: i64(1) }),
    6: i64(7),
  });
  const reader = new ThriftReader(thrift(fields));
  const found: number[] = [];
  reader.struct((_id, type) => type === thriftType.i64 && found.push(reader.integer()) > 0);
  expect(found).toEqual([-5, 7]);
});

/** A data page whose zstd frame is one run of two million bytes, and which claims to unpack to `claimed`. */
function bomb(claimed: number): Uint8Array {
  const size = 2 ** 21 - 1;
  // Magic, a descriptor of one segment and four bytes of size, then one last block of type RLE.
  const frame = join(
    u32(0xfd2fb528),
    Uint8Array.of(0xa0),
    u32(size),
    Uint8Array.of(3 | ((size << 3) & 255), (size >> 5) & 255, (size >> 13) & 255, 7),
  );
  const page = plainPage(frame, 1);
  const header = thrift({
    struct: {
      1: { i32: 0 },
      2: { i32: claimed },
      3: { i32: frame.length },
      5: struct({ 1: { i32: 1 }, 2: { i32: 0 }, 3: { i32: 3 }, 4: { i32: 3 } }),
    },
  });
  return join(header, page.subarray(page.length - frame.length));
}
