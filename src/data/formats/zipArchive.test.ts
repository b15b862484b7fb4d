import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { bytesOf, join, u32 } from "../../../test/fixtures/files/bytes.ts";
import { stored, type ZipPlan, zipFile } from "../../../test/fixtures/files/zipFile.ts";
import { crc32 } from "./crc32.ts";
import { openZip } from "./zipArchive.ts";

const open = (bytes: Uint8Array) => openZip(bytes.slice().buffer, "f.zip");
const deflated = (name: string, bytes: Uint8Array, size = bytes.length): ZipPlan => ({
  name,
  packed: deflateRawSync(bytes),
  deflated: true,
  size,
  crc: crc32(bytes),
});
const text = (archive: Awaited<ReturnType<typeof open>>, name: string) =>
  archive.read(name).then((bytes) => new TextDecoder().decode(bytes));

test("entries are read one at a time, folders and links left out", async () => {
  const archive = await open(
    zipFile([stored("a/", new Uint8Array(0)), stored("a/1", bytesOf("one")), deflated("a/2", bytesOf("two"))]),
  );
  expect(archive.names).toEqual(["a/1", "a/2"]);
  expect([await text(archive, "a/1"), await text(archive, "a/2")]).toEqual(["one", "two"]);
  await expect(archive.read("a/3")).rejects.toThrow("f.zip (a/3): is not in the archive");
});

test("zip64: count, length and offset of the directory in the long record", async () => {
  const bytes = zipFile([stored("a", bytesOf("one")), stored("b", bytesOf("two"))]);
  const view = new DataView(bytes.buffer, bytes.length - 22);
  const [length, start] = [view.getUint32(12, true), view.getUint32(16, true)];
  const record = join(u32(0x06064b50, 44, 0, 45, 0, 0, 2, 0, 2, 0, length, 0, start, 0));
  const locator = join(u32(0x07064b50, 0, start + length, 0, 1));
  const end = join(u32(0x06054b50, 0, 0xffffffff, 0xffffffff, 0xffffffff), new Uint8Array(2));
  const archive = await open(join(bytes.subarray(0, start + length), record, locator, end));
  expect([archive.names, await text(archive, "b")]).toEqual([["a", "b"], "two"]);
});

test.each([
  ["a name that leads out", [stored("../a", bytesOf("x"))], /leads out of the archive/],
  ["an absolute name", [stored("/etc/a", bytesOf("x"))], /leads out of the archive/],
  ["a name of Windows", [stored("c:\\a", bytesOf("x"))], /leads out of the archive/],
  ["two entries of one name", [stored("a", bytesOf("x")), stored("a", bytesOf("y"))], /two entries named a/],
  ["a bomb", [deflated("a", new Uint8Array(2 ** 27))], /would inflate to 134217728/],
  ["a size that deflate cannot reach", [deflated("a", bytesOf("x"), 2 ** 30)], /impossible size/],
  ["shared bytes", [stored("a", bytesOf("x")), { ...stored("b", bytesOf("x")), sameAs: 0 }], /overlap/],
] as const)("refused: %s", async (_, entries, message) => {
  await expect(open(zipFile(entries))).rejects.toThrow(message);
});

test("a damaged entry is named when it is read, the others are read", async () => {
  const archive = await open(zipFile([{ ...stored("a", bytesOf("x")), crc: 1 }, stored("b", bytesOf("y"))]));
  await expect(archive.read("a")).rejects.toThrow("f.zip (a): the zip entry is damaged (checksum)");
  expect(await text(archive, "b")).toBe("y");
});
