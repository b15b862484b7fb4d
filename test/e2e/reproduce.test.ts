import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Cell } from "../../bench/reproduce/cell.ts";
import { runCell } from "../../bench/reproduce/runCell.ts";

const home = process.cwd();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "attar-reproduce-"));
  await symlink(resolve("dist"), join(folder, "dist"));
  process.chdir(folder);
});

afterEach(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true });
});

const network = "convnet:depth=1,width=4";
const scoring = (repeats: number) => ["--epochs", "2", "--repeats", String(repeats), "--nets", network];
const cell: Cell = {
  method: "dm",
  dataset: "digits",
  ipc: 1,
  condense: ["--steps", "2", "--net", network, "--set", "realBatch=8"],
  evaluate: scoring(2),
};

test("a cell is condensed and scored by the commands that its record holds; scored otherwise, it is not condensed again", async () => {
  const first = await runCell(cell);
  const run = first.commands[1]!.split(" ")[2];
  expect(first.commands).toEqual([
    `attar condense digits --method dm --ipc 1 --steps 2 --net ${network} --set realBatch=8 --out ${run} --resume`,
    `attar evaluate ${run} --on digits --baselines none --epochs 2 --repeats 2 --nets ${network} --resume`,
  ]);
  expect(first).toMatchObject({ seeds: { condense: 0, evaluate: 0 }, sets: 1, networks: 2, images: 10 });
  expect(first.commit.of).toBe("run");
  expect(first.evaluation.results[0]!.accuracy!.runs).toHaveLength(2);
  const otherwise = await runCell({ ...cell, scoring: "three", evaluate: scoring(3) });
  expect(otherwise.commands[0]).toBe(first.commands[0]);
  expect(otherwise.seconds).toBe(first.seconds);
  expect(otherwise.evaluation.results[0]!.accuracy!.runs.slice(0, 2)).toEqual(
    first.evaluation.results[0]!.accuracy!.runs,
  );
  const subset = await runCell({ ...cell, method: "random", condense: [] });
  expect(subset).toMatchObject({ seeds: { evaluate: 0 }, sets: 2, networks: 2, images: 10, seconds: 0 });
  expect(subset.commands).toHaveLength(1);
});

test("a command that fails is named", async () => {
  const wrong = runCell({ ...cell, method: "random", condense: [], evaluate: ["--epochs", "0"] });
  await expect(wrong).rejects.toMatchObject({ code: "reproduction-failed", exitCode: 1 });
  await expect(wrong).rejects.toThrow("attar evaluate random --ipc 1 --on digits");
});
