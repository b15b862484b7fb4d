import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockRun } from "./lock.node.ts";

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
  const unlock = lockRun(folder);
  expect(() => lockRun(folder)).toThrow(`process ${process.pid} is already working on`);
  unlock();
  lockRun(folder)();
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
  const unlock = lockRun(folder);
  expect(holder()).toBe(process.pid);
  unlock();
  expect(readdirSync(folder)).toEqual([]);
});

test.runIf(linux)("is taken over from a killed process nobody has waited for", async () => {
  // The shell starts a child, says its number and becomes a program that waits for no children.
  const parent = spawn("sh", ["-c", "sleep 100 & echo $!; exec sleep 100"], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    const pid = Number(await new Promise((resolve) => parent.stdout.once("data", (text) => resolve(String(text)))));
    leftBy({ pid });
    expect(() => lockRun(folder)).toThrow("already working");
    const zombie = () => readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
    process.kill(pid, "SIGKILL");
    await expect.poll(zombie).toBe(true);
    lockRun(folder)();
  } finally {
    parent.kill("SIGKILL");
  }
});

test("a lock that was taken over is not released by its former holder", () => {
  const unlock = lockRun(folder);
  leftBy({ pid: process.pid, token: "another" });
  unlock();
  expect(existsSync(path)).toBe(true);
});
