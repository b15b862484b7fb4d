import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";

const main = new URL("../../dist/cli/main.js", import.meta.url).pathname;
if (!existsSync(main)) throw new Error("these tests run the built command line: npm run build first");

/** The smallest hypotheses and batches that still make a real run. */
export const small = ["--net", "convnet:depth=2,width=4", "--set", "realBatch=8", "--set", "checkpointEvery=5"];

export interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A folder of one test file, gone afterwards, and the command line run in it with a cache of its own. */
export function workplace() {
  const folder = mkdtempSync(join(tmpdir(), "attar-e2e-"));
  const env: NodeJS.ProcessEnv = { ...process.env, XDG_CACHE_HOME: join(folder, "cache"), NO_COLOR: "1" };
  for (const name of ["ATTAR_DATA", "ATTAR_DEBUG"]) delete env[name];
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    path: (...parts: string[]) => join(folder, ...parts),
    /** Runs to the end. */
    attar: (...args: string[]): Promise<Result> =>
      new Promise((done) => {
        const options = { cwd: folder, env, maxBuffer: 1 << 26, timeout: 50_000, killSignal: "SIGKILL" as const };
        execFile(process.execPath, [main, ...args], options, (error, stdout, stderr) => {
          const code = error ? (typeof error.code === "number" ? error.code : null) : 0;
          done({ code, stdout, stderr });
        });
      }),
    /** Starts and leaves running. */
    start: (...args: string[]): ChildProcess =>
      spawn(process.execPath, [main, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] }),
  };
}

/** The lines of NDJSON on a process's stdout. */
export const lines = (stdout: string) =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Resolves when a run that prints events has taken a step; rejects when it ends before. */
export const untilStep = (child: ChildProcess, step: number) =>
  new Promise<void>((resolve, reject) => {
    let text = "";
    child.stdout!.on("data", (chunk) => {
      text += chunk;
      if (text.includes(`"step":${step},`)) resolve();
    });
    child.once("exit", (code) => reject(new Error(`ended with ${code} before step ${step}: ${text.slice(-500)}`)));
  });

/** Sends a signal and waits for the end; the exit code, or null where the signal itself ended it. */
export const end = (child: ChildProcess, signal: NodeJS.Signals) =>
  new Promise<number | null>((resolve) => {
    child.once("exit", (code) => resolve(code));
    child.kill(signal);
  });

/** Expects one sentence and a hint, the exit code, no stack trace; and the same as JSON where `json` is its run. */
export function expectRefusal(code: number, plain: Result, json?: Result): void {
  expect(plain.stderr).toMatch(/^attar: .+\n( {2}→ .+\n)?$/);
  expect(plain.stderr).not.toMatch(/undefined|\[object|\n\s+at /);
  expect(plain.stdout).toBe("");
  expect(plain.code).toBe(code);
  if (!json) return;
  const { error } = JSON.parse(json.stdout.trim().split("\n").at(-1)!);
  expect(Object.keys(error)).toEqual(["code", "message", "hint"]);
  expect(plain.stderr.startsWith(`attar: ${error.message}\n`)).toBe(true);
  expect(json.stderr).not.toMatch(/\n\s+at /);
  expect(json.code).toBe(code);
}
