import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { condenseToFolder } from "../condense/node/runFolder.node.ts";
import { loadDigits } from "../data/browser.ts";
import { openRuntime, type Runtime, useRuntime } from "../engine/index.ts";
import { askedOf } from "./asked.ts";
import type { Asked } from "./contract.ts";
import { diskFiles } from "./diskFiles.node.ts";
import { filesOfRun, keptIn, openKept } from "./keptRuns.ts";
import { memoryFiles } from "./memoryFiles.ts";
import { pagePlace } from "./pagePlace.ts";
import type { WritableFiles } from "./runFiles.ts";

let runtime: Runtime;
let folder: string;
beforeAll(() => {
  runtime = openRuntime({ threads: 1 });
  useRuntime(runtime);
  folder = mkdtempSync(join(tmpdir(), "attar-page-run-"));
});
afterAll(async () => {
  await runtime[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const asked: Asked = {
  dataset: "digits",
  method: "dm",
  ipc: 1,
  seed: 3,
  steps: 8,
  network: "convnet:width=8,depth=2",
  settings: { realBatch: 4 },
};
const place = (files: WritableFiles) =>
  pagePlace({ files: Promise.resolve(files), versions: { attar: "0" }, device: "a test" });

/** Runs in a page until a step, or to the end. */
async function run(files: WritableFiles, until = Number.POSITIVE_INFINITY): Promise<number> {
  const abort = new AbortController();
  let begun = 0;
  await place(files)
    .run(
      { id: "a-run", asked, dataset: await loadDigits(), ...askedOf(asked) },
      {
        runtime,
        signal: abort.signal,
        onStart: (step) => {
          begun = step;
        },
        onStep: (step) => void (step >= until && abort.abort()),
        onSet: () => undefined,
      },
    )
    .catch((error) => {
      if (!abort.signal.aborted) throw error;
    });
  return begun;
}

/** Writes the files of a page's run to the disk, as unpacking its archive does. */
async function unpack(files: WritableFiles, to: string): Promise<void> {
  for (const [path, bytes] of await filesOfRun(files, "a-run")) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    writeFileSync(join(to, path), bytes);
  }
}

test("a run that a page was closed on goes on, there and on the command line, to the bytes of an unbroken one", async () => {
  const whole = memoryFiles();
  await run(whole);
  const expected = await whole.read("a-run/condensed.safetensors");
  const cut = memoryFiles();
  await run(cut, 3);
  const { runs } = await keptIn(cut);
  expect(runs).toEqual([{ id: "a-run", dataset: "digits", method: "dm", ipc: 1, seed: 3, steps: 8, finished: false }]);
  const opened = await openKept(cut, "a-run");
  expect(opened.step).toBeGreaterThanOrEqual(3);
  expect(opened.asked).toEqual({ ...asked, dataset: "" });
  const there = join(folder, "cut");
  await unpack(cut, there);
  expect(await run(cut)).toBe(opened.step);
  expect(await cut.read("a-run/condensed.safetensors")).toEqual(expected);

  const events = condenseToFolder(await loadDigits(), askedOf(asked).method, join(there, "a-run"), {
    ...askedOf(asked).options,
    runtime,
    resume: true,
  });
  for await (const event of events) if (event.event === "start") expect(event.step).toBe(opened.step);
  const written = new Uint8Array(readFileSync(join(there, "a-run/condensed.safetensors")));
  expect(written).toEqual(expected);
});

test("the manifest of a finished run is what sha256sum checks, and the newest two checkpoints are kept", async () => {
  const files = memoryFiles();
  await run(files);
  const there = join(folder, "whole");
  await unpack(files, there);
  const options = { cwd: join(there, "a-run"), encoding: "utf8" } as const;
  const said = execFileSync("sha256sum", ["--check", ".attar.sha256"], options);
  expect(said.trim().split("\n").sort()).toEqual(["condensed.safetensors: OK", "grid.png: OK"]);
  const checkpoints = (await files.list("a-run/checkpoint")).map(({ name }) => name).sort();
  expect(checkpoints.length).toBe(2);
  expect(checkpoints[1]).toBe("state-00000008.safetensors");
  const disk = diskFiles(there);
  expect((await keptIn(disk)).runs).toMatchObject([{ id: "a-run", finished: true }]);
  expect((await openKept(disk, "a-run")).set?.labels.length).toBe(10);
  expect(await disk.read("../cut/a-run/run.json"), "outside of the folder").toBeUndefined();
});

test("a state that cannot be written ends the run, and is told", async () => {
  const files = memoryFiles();
  const full: WritableFiles = {
    ...files,
    write: async (path, bytes) => {
      if (path.includes("checkpoint/")) throw new Error("the disk is full");
      await files.write(path, bytes);
    },
  };
  await expect(run(full)).rejects.toThrow("the disk is full");
});
