import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const main = new URL("../../dist/cli/main.js", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "attar-e2e-"));
const small = ["--net", "convnet:depth=2,width=16", "--set", "realBatch=16", "--set", "checkpointEvery=5"];

interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

const attar = (...args: string[]): Promise<Result> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { cwd: folder, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({ code: error ? ((error.code as unknown as number) ?? 1) : 0, stdout, stderr }),
    );
  });
const start = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [main, ...args], { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
const untilStep = (child: ChildProcess, step: number) =>
  new Promise<void>((resolve) => {
    let text = "";
    child.stdout!.on("data", (chunk) => {
      text += chunk;
      if (text.includes(`"step":${step},`)) resolve();
    });
  });
const exit = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
const bytes = (run: string) => readFileSync(join(folder, run, "condensed.safetensors"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("wrong input gets one sentence, the documented exit code and no stack trace", () => {
  beforeAll(() => {
    writeFileSync(join(folder, "truncated.safetensors"), Uint8Array.of(8, 0, 0, 0, 0, 0, 0, 0, 123));
    writeFileSync(join(folder, "absurd.safetensors"), Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127, 123, 125));
    writeFileSync(join(folder, "nan.csv"), "a,b,label\n1,2,x\nNaN,3,y\n1,4,x\n2,2,y\n");
    mkdirSync(join(folder, "idx"));
    writeFileSync(
      join(folder, "idx/train-images-idx3-ubyte"),
      Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, 4, 0, 0, 0, 4, 1, 2),
    );
    writeFileSync(join(folder, "idx/train-labels-idx1-ubyte"), Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 9, 1));
    mkdirSync(join(folder, "one/train/only"), { recursive: true });
    writeFileSync(join(folder, "one/train/only/a.png"), Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10, 0, 0));
  });

  test.each([
    ["an unknown command", 2, ["condens", "digits"]],
    ["an unknown dataset", 2, ["condense", "nosuch"]],
    ["an unknown method", 2, ["condense", "digits", "--method", "dmm"]],
    ["an unknown option", 2, ["condense", "digits", "--ipcs", "3"]],
    ["an unknown network", 2, ["condense", "digits", "--net", "convnt"]],
    ["an unknown setting", 2, ["condense", "digits", "--set", "realbatch=4"]],
    ["ipc 0", 2, ["condense", "digits", "--ipc", "0"]],
    ["negative ipc", 2, ["condense", "digits", "--ipc", "-3"]],
    ["ipc larger than a class", 2, ["condense", "digits", "--ipc", "1000"]],
    ["a truncated IDX file", 2, ["condense", "idx"]],
    ["a folder with one class and a broken PNG", 2, ["condense", "one"]],
    ["NaN in a CSV", 2, ["condense", "nan.csv"]],
    ["a truncated safetensors file", 2, ["evaluate", "truncated.safetensors", "--on", "digits"]],
    ["an absurd header length", 2, ["evaluate", "absurd.safetensors", "--on", "digits"]],
    ["a missing run", 2, ["evaluate", "nowhere", "--on", "digits"]],
    ["an output folder that cannot be made", 1, ["condense", "digits", "--steps", "1", "--out", "nan.csv/run"]],
  ] as const)("%s", async (_, code, args) => {
    const plain = await attar(...args);
    expect(plain.code).toBe(code);
    expect(plain.stderr).toMatch(/^attar: .+/);
    expect(plain.stderr).not.toMatch(/\n\s+at /);
    const json = await attar(...args, "--json");
    const { error } = JSON.parse(json.stdout.trim().split("\n").at(-1)!);
    expect(Object.keys(error)).toEqual(["code", "message", "hint"]);
    expect(json.code).toBe(code);
  });
});

describe("a run", () => {
  const args = ["condense", "digits", "--ipc", "2", "--steps", "40", ...small];

  test("prints NDJSON events with stable keys", async () => {
    const { code, stdout } = await attar(...args, "--out", "whole", "--json");
    expect(code).toBe(0);
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events[0].event).toBe("start");
    expect(events.find((e) => e.event === "step")).toMatchObject({
      step: 1,
      steps: 40,
      loss: expect.any(Number),
      seconds: expect.any(Number),
    });
    expect(events.find((e) => e.event === "snapshot")).toMatchObject({ path: expect.any(String) });
    expect(events.at(-1)).toMatchObject({
      event: "done",
      run: expect.any(String),
      seconds: expect.any(Number),
      peakMemoryBytes: expect.any(Number),
    });
  });

  test("killed and resumed gives the same bytes, also after SIGINT, which exits with 4", async () => {
    const child = start(...args, "--out", "killed", "--json");
    await untilStep(child, 13);
    const gone = exit(child);
    child.kill("SIGKILL");
    await gone;
    const refused = await attar(...args, "--out", "killed");
    expect(refused.code).toBe(2);
    const second = start(...args, "--out", "killed", "--json", "--resume");
    await untilStep(second, 20);
    const code = exit(second);
    second.kill("SIGINT");
    expect(await code).toBe(4);
    expect((await attar(...args, "--out", "killed", "--resume")).code).toBe(0);
    expect(bytes("killed").equals(bytes("whole"))).toBe(true);
  });

  test("a checkpoint of another configuration and a finished folder are refused", async () => {
    const other = await attar(...args, "--seed", "1", "--out", "killed", "--resume");
    expect(other.code).toBe(2);
    expect(other.stderr).toContain("another configuration");
    expect((await attar(...args, "--out", "whole")).stderr).toContain("finished run");
  });

  test("two processes cannot share a folder", async () => {
    const first = start("condense", "digits", "--steps", "2000", ...small, "--out", "shared", "--json");
    await untilStep(first, 1);
    const second = await attar("condense", "digits", "--steps", "2000", ...small, "--out", "shared", "--resume");
    const gone = exit(first);
    first.kill("SIGKILL");
    await gone;
    expect(second.code).toBe(1);
    expect(second.stderr).toContain("already working");
  });

  test("is evaluated and exported", async () => {
    const { code, stdout } = await attar(
      "evaluate",
      "whole",
      "--on",
      "digits",
      "--nets",
      "convnet:depth=2,width=16",
      "--epochs",
      "30",
      "--repeats",
      "2",
      "--json",
    );
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(Object.keys(result)).toEqual([
      "dataset",
      "subject",
      "ipc",
      "protocol",
      "storedBytes",
      "results",
      "baselines",
    ]);
    expect(result.results[0].accuracy.runs).toHaveLength(2);
    expect(result.results[0].accuracy.mean).toBeGreaterThan(0.3);
    expect(Object.keys(result.baselines)).toEqual(["random", "herding"]);
    for (const format of ["png", "imagefolder", "parquet", "npz"])
      expect((await attar("export", "whole", "--to", format)).code).toBe(0);
  });

  test("is described before it starts", async () => {
    const { stdout } = await attar(...args, "--dry-run", "--json");
    const { configuration, estimate } = JSON.parse(stdout);
    expect(configuration).toMatchObject({ method: "dm", dataset: "digits", ipc: 2, steps: 40 });
    expect(estimate.flops).toBeGreaterThan(0);
  });
});

test("the taxonomy is machine-readable", async () => {
  const list = JSON.parse((await attar("methods", "--json")).stdout);
  expect(Object.keys(list[0])).toEqual([
    "name",
    "title",
    "citation",
    "discrepancy",
    "matchingSpace",
    "optimizedSpace",
    "hypotheses",
    "tricks",
    "objective",
  ]);
});
