import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeAtomic } from "../../src/data/node/writeAtomic.node.ts";
import { madeResult } from "../../test/fixtures/madeResult.ts";
import { type Cell, type Family, nameOf } from "./cell.ts";
import { runFolder } from "./commands.ts";
import { condensedAt, noteCommit } from "./condensedAt.ts";
import { make } from "./make.ts";
import { type CellResult, settingsOf } from "./result.ts";
import { words } from "./words.ts";

const cell: Cell = { method: "dm", dataset: "mnist", ipc: 1, condense: ["--steps", "2"], evaluate: ["--epochs", "3"] };
const family: Family = { name: "tiny", title: "Tiny", notes: [], cells: [cell] };

const result = (accuracy: number): CellResult => madeResult(cell, { accuracy, epochs: 3 });

const home = process.cwd();
let folder: string;
let lines: string[];
const to = { log: (line: string) => void lines.push(line), print: (line: string) => void lines.push(line) };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "attar-make-"));
  process.chdir(folder);
  lines = [];
});

afterEach(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true });
});

test("a cell is run once; after that what is kept is shown, with its commit, until it is asked for again", async () => {
  const runs: boolean[] = [];
  const run = async (asked: Cell, { again }: { again?: boolean }) => {
    expect(asked).toEqual(cell);
    runs.push(again ?? false);
    return result(runs.length / 10);
  };
  await make({ family, cell }, {}, run, to);
  expect(lines[0]).toBe("tiny/mnist-dm-ipc1: is run");
  expect(lines[1]).toContain("10.0 ± 1.0 % (2 networks, 1 set)");
  lines.length = 0;
  await make({ family, cell }, {}, run, to);
  expect(lines[0]).toBe("tiny/mnist-dm-ipc1: kept, of commit 0123456; --again runs it again");
  expect(lines[1]).toContain("10.0 ± 1.0 %");
  expect(runs).toEqual([false]);
  lines.length = 0;
  await make({ family, cell }, { again: true }, run, to);
  expect(runs).toEqual([false, true]);
  expect(lines.join("\n")).toContain("20.0 ± 1.0 %");
  const kept = JSON.parse(
    await readFile(join("docs", "results", "tiny", `${nameOf(cell)}.json`), "utf8"),
  ) as CellResult;
  expect(kept).toEqual({ ...result(0.2), words });
});

test("what is kept of other settings is run again, and why is said", async () => {
  const other = { ...cell, condense: ["--steps", "1"] };
  await make({ family, cell }, {}, async () => ({ ...result(0.5), cell: other }), to);
  lines.length = 0;
  await make({ family, cell }, {}, async () => result(0.6), to);
  expect(lines[0]).toBe("tiny/mnist-dm-ipc1: is run again (condensed with --steps 1)");
  expect(lines[1]).toContain("60.0 ± 1.0 %");
});

test("cells that score one set share a run folder; other settings have another", () => {
  const settings = settingsOf(cell);
  const run = runFolder(cell, settings);
  expect(run).toMatch(/^runs\/reproduce\/mnist-dm-ipc1-[0-9a-f]{8}$/);
  expect(runFolder({ ...cell, scoring: "1000-epochs", evaluate: [] }, settings)).toBe(run);
  const reversed = Object.fromEntries(Object.entries(settings).reverse());
  expect(runFolder(cell, reversed)).toBe(run);
  expect(runFolder(cell, { ...settings, realBatch: 3 })).not.toBe(run);
  expect(runFolder({ ...cell, condense: ["--steps", "3"] }, settings)).not.toBe(run);
});

test("a run remembers the commits that it was condensed at, and forgets them when it begins anew", async () => {
  const run = join("runs", "reproduce", "a");
  await noteCommit(run, "one", false);
  await noteCommit(run, "one", false);
  await noteCommit(run, "two", false);
  expect(await condensedAt(run)).toEqual(["one", "two"]);
  await writeAtomic(join(run, "condensed.safetensors"), "");
  await noteCommit(run, "three", false);
  expect(await condensedAt(run)).toEqual(["one", "two"]);
  await noteCommit(run, "four", true);
  expect(await condensedAt(run)).toEqual(["four"]);
});
