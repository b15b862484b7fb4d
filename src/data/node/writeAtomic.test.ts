import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cannotWrite, writeAtomic } from "./writeAtomic.node.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "attar-write-"));
});
afterAll(() => rm(root, { recursive: true }));

test("makes folders, replaces content, leaves no temporary file", async () => {
  const path = join(root, "a", "b", "x.txt");
  await writeAtomic(path, "one");
  await writeAtomic(path, new TextEncoder().encode("two"));
  expect(await readFile(path, "utf8")).toBe("two");
  expect(await readdir(join(root, "a", "b"))).toEqual(["x.txt"]);
});

test("writers at the same time: one of the contents, whole", async () => {
  const path = join(root, "race");
  await Promise.all(Array.from({ length: 8 }, (_, i) => writeAtomic(path, String(i).repeat(1e5))));
  expect(await readFile(path, "utf8")).toMatch(/^(\d)\1{99999}$/);
});

describe("a failure is one clear sentence, exit code 1, and leaves nothing behind", () => {
  test("a file where a folder should be", async () => {
    await writeFile(join(root, "file"), "");
    await expect(writeAtomic(join(root, "file", "x"), "x")).rejects.toMatchObject({
      code: "cannot-write",
      exitCode: 1,
      message: expect.stringMatching(
        /^cannot write .*file: (a file of that name is in the way|a part of the path is a file, not a folder)\.$/,
      ),
    });
  });

  test("a folder where the file should be", async () => {
    await writeAtomic(join(root, "c", "folder", "x"), "x");
    await expect(writeAtomic(join(root, "c", "folder"), "x")).rejects.toMatchObject({
      code: "cannot-write",
      exitCode: 1,
    });
    expect(await readdir(join(root, "c"))).toEqual(["folder"]);
  });

  test("the disk is full", () => {
    const error = cannotWrite("out/x", Object.assign(new Error("ENOSPC: no space"), { code: "ENOSPC" }));
    expect([error.message, error.exitCode]).toEqual(["cannot write out/x: the disk is full.", 1]);
    expect(error.hint).toMatch(/^Free some space/);
  });
});
