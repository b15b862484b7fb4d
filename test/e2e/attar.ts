import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, vi } from "vitest";

const main = new URL("../../dist/cli/main.js", import.meta.url).pathname;
const answering = new URL("../../dist/cli/answer.js", import.meta.url).href;
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
  /** Runs to the end in a process of its own. */
  const spawned = (...args: string[]): Promise<Result> =>
    new Promise((done) => {
      const options = { cwd: folder, env, maxBuffer: 1 << 26, timeout: 150_000, killSignal: "SIGKILL" as const };
      execFile(process.execPath, [main, ...args], options, (error, stdout, stderr) => {
        const code = error ? (typeof error.code === "number" ? error.code : null) : 0;
        done({ code, stdout, stderr });
      });
    });
  return {
    path: (...parts: string[]) => join(folder, ...parts),
    spawned,
    /** Runs to the end: in this process, which saves its start, unless the command sets what holds for a whole process. */
    attar: (...args: string[]): Promise<Result> =>
      args.includes("--threads") ? spawned(...args) : inProcess(folder, env, args),
    /** Starts and leaves running. */
    start: (...args: string[]): ChildProcess =>
      spawn(process.execPath, [main, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] }),
  };
}

let turn: Promise<unknown> = Promise.resolve();

/** Runs the built command line within this process, one command at a time: its folder, environment and output are the process's. */
function inProcess(folder: string, env: NodeJS.ProcessEnv, args: readonly string[]): Promise<Result> {
  const result = turn.then(async () => {
    const { answer } = (await import(answering)) as { answer(words: readonly string[]): Promise<void> };
    const [home, own] = [process.cwd(), process.env];
    const written = { stdout: "", stderr: "" };
    const streams = (["stdout", "stderr"] as const).map((name) =>
      vi.spyOn(process[name], "write").mockImplementation((text) => {
        written[name] += text;
        return true;
      }),
    );
    process.chdir(folder);
    process.env = env;
    try {
      await answer(args);
      return { code: Number(process.exitCode ?? 0), ...written };
    } finally {
      process.exitCode = undefined;
      process.env = own;
      process.chdir(home);
      for (const stream of streams) stream.mockRestore();
    }
  });
  turn = result.catch(() => {});
  return result;
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
    if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode);
    child.once("exit", (code) => resolve(code));
    child.kill(signal);
  });

/** Expects one sentence and a hint, the exit code, no stack trace; and the same as JSON where `json` is its run. */
export function expectRefusal(code: number, plain: Result, json?: Result): void {
  // A slow machine says how far reading has come before it finds the fault.
  const said = plain.stderr.replace(/^\d+\/\d+ .*\n/gm, "");
  expect(said).toMatch(/^attar: .+\n( {2}→ .+\n)?$/);
  expect(plain.stderr).not.toMatch(/undefined|\[object|\n\s+at /);
  expect(plain.stdout).toBe("");
  expect(plain.code).toBe(code);
  if (!json) return;
  const { error } = JSON.parse(json.stdout.trim().split("\n").at(-1)!);
  expect(Object.keys(error)).toEqual(["code", "message", "hint"]);
  expect(said.startsWith(`attar: ${error.message}\n`)).toBe(true);
  expect(json.stderr).not.toMatch(/\n\s+at /);
  expect(json.code).toBe(code);
}
