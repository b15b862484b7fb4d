import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockFolder, waitForLock } from "./lock.node.ts";

const linux = existsSync("/proc/self/stat");

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "attar-lock-"));
  path = join(folder, "lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const leftBy = (holder: object | string) =>
  writeFileSync(path, typeof holder === "string" ? holder : JSON.stringify(holder));
const holder = () => JSON.parse(readFileSync(path, "utf8")).pid;

test("is held until it is released, and leaves nothing behind", () => {
  const unlock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(`process ${process.pid} is already working on`);
  unlock();
  lockFolder(folder)();
  expect(readdirSync(folder)).toEqual([]);
});

test.for<[string, () => object | string, boolean]>([
  ["a process that is gone", () => ({ pid: spawnSync("true").pid }), true],
  ["an earlier process of a living one's number", () => ({ pid: process.pid, started: "1" }), linux],
  ["a crash in the middle of a write", () => '{"pid":', true],
  ["something else", () => '{"pid":-1}', true],
])("is taken over from %s", ([, left, here], { skip }) => {
  skip(!here);
  leftBy(left());
  const unlock = lockFolder(folder);
  expect(holder()).toBe(process.pid);
  unlock();
  expect(readdirSync(folder)).toEqual([]);
});

test.runIf(linux)("is taken over from a killed process nobody has waited for", async () => {
  // The shell starts a child, says its number and becomes a program that waits for no children.
  const parent = spawn("sh", ["-c", "sleep 100 & echo $!; exec sleep 100"], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    const [line] = await once(createInterface(parent.stdout), "line");
    const pid = Number(line);
    leftBy({ pid });
    expect(() => lockFolder(folder)).toThrow("already working");
    const zombie = () => readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
    process.kill(pid, "SIGKILL");
    await expect.poll(zombie).toBe(true);
    lockFolder(folder)();
  } finally {
    parent.kill("SIGKILL");
  }
});

test("a lock that was taken over is not released by its former holder", () => {
  const unlock = lockFolder(folder);
  leftBy({ pid: process.pid, token: "another" });
  unlock();
  expect(existsSync(path)).toBe(true);
});

/** Makes a file as old as if it had last been written so many seconds ago. */
const aged = (file: string, seconds: number) => utimesSync(file, Date.now() / 1000, Date.now() / 1000 - seconds);

const elsewhere: [string, object][] = [
  ["another machine", { pid: process.pid, host: "another", boot: "b" }],
  ["another container of this machine", { pid: process.pid, host: hostname(), boot: "b", namespace: "pid:[1]" }],
  ["a process with a number that is none here", { pid: spawnSync("true").pid, host: "another" }],
];

test.each(elsewhere)("of %s, is kept as long as it is renewed", (_, left) => {
  leftBy(left);
  aged(path, 20);
  expect(() => lockFolder(folder)).toThrow(/^process \d+ on .+ is already working on/);
  expect(readFileSync(path, "utf8")).toBe(JSON.stringify(left));
});

test.each(elsewhere)("of %s, is taken over when it was not renewed", (_, left) => {
  leftBy(left);
  aged(path, 40);
  const unlock = lockFolder(folder);
  expect(holder()).toBe(process.pid);
  unlock();
  expect(readdirSync(folder)).toEqual([]);
});

test("is renewed from beside a blocked event loop, and not after its release", async () => {
  const unlock = lockFolder(folder, 50);
  const text = readFileSync(path, "utf8");
  const renewed = () => statSync(path).mtimeMs;
  const renewedMeanwhile = () => {
    aged(path, 100);
    block(200);
    return Date.now() - renewed() < 10_000;
  };
  await expect.poll(renewedMeanwhile, { timeout: 60_000 }).toBe(true);
  expect(readFileSync(path, "utf8")).toBe(text);
  unlock();
  leftBy({ pid: 1, host: "another" });
  aged(path, 100);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(Date.now() - renewed()).toBeGreaterThan(90_000);
});

/** Keeps this thread from doing anything else. */
const block = (milliseconds: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

test.each(["the user's notes", "[1]", '{"PID": 5}', " "])(
  "a file of the name that holds %j is refused and stays",
  (text) => {
    leftBy(text);
    aged(path, 1000);
    expect(() => lockFolder(folder)).toThrow("is not a lock of attar's");
    expect(readFileSync(path, "utf8")).toBe(text);
    expect(readdirSync(folder)).toEqual(["lock"]);
  },
);

test("so is a folder of the name", () => {
  mkdirSync(path);
  expect(() => lockFolder(folder)).toThrow("is not a lock of attar's");
  expect(readdirSync(folder)).toEqual(["lock"]);
});

test("what killed attempts left is removed once it is old", () => {
  const [old, young, other] = [".lock.1.0a1b2c3d.tmp", ".lock.2.0a1b2c3d.tmp", ".lock.swp"];
  for (const name of [old, young, other]) writeFileSync(join(folder, name), "");
  for (const name of [old, other]) aged(join(folder, name), 100);
  lockFolder(folder)();
  expect(readdirSync(folder).sort()).toEqual([young, other]);
});

test("is waited for until it is free, with one note", async () => {
  const unlock = lockFolder(folder);
  const notes: string[] = [];
  const waiting = waitForLock(folder, { onWait: (note) => notes.push(note) });
  setTimeout(unlock, 700);
  (await waiting)();
  expect(notes).toEqual([`process ${process.pid} is already working on ${folder}; waiting for it`]);
  expect(readdirSync(folder)).toEqual([]);
});

test("is not waited for after an abort", async () => {
  const unlock = lockFolder(folder);
  const abort = new AbortController();
  const waiting = waitForLock(folder, { signal: abort.signal, onWait: () => abort.abort() });
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  unlock();
});
