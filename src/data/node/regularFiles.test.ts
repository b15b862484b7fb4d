import { execFileSync } from "node:child_process";
import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ramp } from "../../../test/fixtures/files/bytes.ts";
import { encodePng } from "../formats/png.ts";
import { load } from "./load.node.ts";
import { readRaw, readTextIfAny } from "./readBytes.node.ts";
import { openRegular } from "./regularFile.node.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "attar-regular-"));
});
afterAll(() => rm(root, { recursive: true }));

const png = encodePng({ channels: 1, height: 4, width: 4, data: ramp(16) });
const other = encodePng({ channels: 1, height: 4, width: 4, data: ramp(20).slice(4) });
let made = 0;
const fresh = async () => {
  const at = join(root, `f${made++}`);
  await mkdir(at);
  return at;
};
const pipe = (path: string) => void execFileSync("mkfifo", [path]);
const refuses = (promise: Promise<unknown>, path: string, what: string) =>
  expect(promise).rejects.toMatchObject({
    code: "bad-data",
    exitCode: 2,
    message: `${path}: is ${what}, no regular file.`,
  });

const endings = ["csv", "csv.gz", "npz", "safetensors", "parquet", "mat", "bin", "train-images-idx3-ubyte"];

describe.skipIf(process.platform === "win32")("only regular files are read", () => {
  test.each(endings)("a named pipe, a link to it, a device: %s", async (ending) => {
    const at = await fresh();
    const [one, linked, zero] = ["a", "b", "c"].map((name) => join(at, `${name}.${ending}`)) as [
      string,
      string,
      string,
    ];
    pipe(one);
    await symlink(one, linked);
    await symlink("/dev/zero", zero);
    if (ending.endsWith("ubyte")) await writeFile(join(at, "a.train-labels-idx1-ubyte"), "");
    await refuses(load(one), one, "a named pipe");
    if (ending.endsWith("ubyte")) return;
    await refuses(load(linked), linked, "a named pipe");
    await refuses(load(zero), zero, "a device");
  });

  test("pipes, devices and links to them among a class's images", async () => {
    for (const [what, put] of [
      ["a named pipe", async (path: string) => pipe(path)],
      ["a device", (path: string) => symlink("/dev/zero", path)],
    ] as const) {
      const at = await fresh();
      for (const name of ["x", "y"]) {
        await mkdir(join(at, name));
        await writeFile(join(at, name, "1.png"), png);
      }
      await put(join(at, "y", "2.png"));
      await refuses(load(at), join(at, "y", "2.png"), what);
    }
  });

  test("pipes and devices in place of Parquet files in a folder", async () => {
    const at = await fresh();
    await symlink("/dev/zero", join(at, "train-0.parquet"));
    await expect(load(at)).rejects.toMatchObject({ name: "AttarError", exitCode: 2 });
  });

  test("a socket", async () => {
    const path = join(await fresh(), "s.csv");
    const server = createServer().listen(path);
    await new Promise((resolve) => server.once("listening", resolve));
    try {
      await refuses(load(path), path, "a socket");
    } finally {
      server.close();
    }
  });

  test("links to regular files and to folders are followed", async () => {
    const at = await fresh();
    await mkdir(join(at, "real"));
    await writeFile(join(at, "real", "1.png"), png);
    await writeFile(join(at, "real", "2.png"), other);
    const data = join(at, "data");
    await mkdir(join(data, "a"), { recursive: true });
    await symlink(join(at, "real", "1.png"), join(data, "a", "1.png"));
    await symlink(join(at, "real"), join(data, "b"));
    const set = await load(data);
    expect([set.classes, [...set.train.labels]]).toEqual([
      ["a", "b"],
      [0, 1, 1],
    ]);
  });

  test("what lies beside the class folders does not make them unreadable", async () => {
    const at = await fresh();
    for (const name of ["a", "b"]) {
      await mkdir(join(at, name));
      await writeFile(join(at, name, "1.png"), png);
    }
    await writeFile(join(at, "notes.txt"), "x");
    await symlink(join(at, "notes.txt"), join(at, "README"));
    await symlink(join(at, "nowhere"), join(at, "gone"));
    await symlink("/dev/zero", join(at, "zero"));
    pipe(join(at, "pipe"));
    expect((await load(at)).classes).toEqual(["a", "b"]);
  });
});

test("a file that grows is read as far as its size was; one that shrinks is refused", async () => {
  const path = join(await fresh(), "x");
  await writeFile(path, ramp(10));
  const file = await openRegular(path);
  await appendFile(path, ramp(90));
  expect(await file.read(0, file.size)).toEqual(ramp(10));
  await writeFile(path, ramp(3));
  await expect(file.read(0, file.size)).rejects.toMatchObject({
    message: `${path}: became shorter while it was read.`,
  });
  await file.close();
  expect(await readRaw(path)).toEqual(ramp(3));
});

test("a text that need not be there", async () => {
  const at = await fresh();
  await writeFile(join(at, "x"), "text");
  expect(await readTextIfAny(join(at, "x"))).toBe("text");
  expect(await readTextIfAny(join(at, "x"), 3)).toBeUndefined();
  expect(await readTextIfAny(join(at, "y"))).toBeUndefined();
  expect(await readTextIfAny(at)).toBeUndefined();
});
