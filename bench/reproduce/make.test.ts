import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Row } from "../../src/benchmark/rows/row.ts";
import { writeAtomic } from "../../src/data/node/writeAtomic.node.ts";
import { fieldRecipe } from "../../src/hypotheses/index.ts";
import { scored } from "../../test/fixtures/reportRows.ts";
import { type Cell, type Family, rowsFileOf } from "./cell.ts";
import { make } from "./make.ts";
import { settingsOf } from "./result.ts";

const cell: Cell = {
  ...{ method: "dm", dataset: "mnist", ipc: 1, condense: ["--steps", "2"], evaluate: ["--epochs", "3"] },
  ...{ set: "dm/mnist/ipc1/seed0", scores: "dm/mnist/ipc1/seed0/convnet/field" },
};
const other: Cell = { ...cell, ipc: 10, set: "dm/mnist/ipc10/seed0", scores: "dm/mnist/ipc10/seed0/convnet/field" };
const family: Family = { name: "tiny", title: "Tiny", notes: [], cells: [cell, other] };

/** The rows of two networks and of their set, as a study would give them. */
function rowsOfRun(of: Cell, accuracy: number, steps = 2): Row[] {
  const shared = {
    ...{ dataset: "mnist", ipc: of.ipc, settings: JSON.stringify(settingsOf(of)), draws: 1, samples: 10 * of.ipc },
    ...{ set_seconds: 1, set_device: "linux x64 a processor", set_threads: 2, commit: "0123456".padEnd(40, "0") },
    training: JSON.stringify({ recipe: { ...fieldRecipe, epochs: 3 }, repeats: 1, seed: 0, score: "last epoch" }),
    commands: `attar condense mnist --method dm --ipc ${of.ipc} --seed 0 --steps ${steps} --out run\nattar evaluate run`,
  };
  return [
    { ...scored("dm", 1234, shared), ...{ cell: of.set, objective: "bytes", metric: "bytes", protocol: null } },
    ...[accuracy - 0.01, accuracy + 0.01].map((value, repeat) =>
      scored("dm", value, { ...shared, repeat, cell: of.scores }),
    ),
  ];
}

const home = process.cwd();
let folder: string;
let lines: string[];
const to = { log: (line: string) => void lines.push(line), print: (line: string) => void lines.push(line) };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "attar-make-"));
  await mkdir(join(folder, "studies"));
  process.chdir(folder);
  lines = [];
});

afterEach(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true });
});

const withRepeats = { ...cell, evaluate: ["--epochs", "3", "--repeats", "1"] };
const asked = { family, cell: withRepeats };

test("a cell is run once; after that what is kept is shown, with its commit, until it is asked for again", async () => {
  const runs: boolean[] = [];
  const run = async (_: Family, one: Cell, { again }: { again?: boolean }) => {
    expect(one).toEqual(withRepeats);
    runs.push(again ?? false);
    return rowsOfRun(cell, runs.length / 10);
  };
  await make(asked, {}, run, to);
  expect(lines[0]).toBe("tiny/mnist-dm-ipc1: is run");
  expect(lines[1]).toContain("10.0 ± 1.4 % (2 networks, 1 set)");
  lines.length = 0;
  await make(asked, {}, run, to);
  expect(lines[0]).toBe("tiny/mnist-dm-ipc1: kept, of commit 0123456; --again runs it again");
  expect(lines[1]).toContain("10.0 ± 1.4 %");
  expect(runs).toEqual([false]);
  lines.length = 0;
  await make(asked, { again: true }, run, to);
  expect(runs).toEqual([false, true]);
  expect(lines.join("\n")).toContain("20.0 ± 1.4 %");
});

test("rows of a cell take the place of its earlier ones, and stand in the family's order", async () => {
  const run = async (_: Family, one: Cell) => rowsOfRun(one, one.ipc / 20);
  await writeAtomic(rowsFileOf("tiny"), "");
  await make({ family, cell: other }, {}, run, to);
  await make(asked, {}, run, to);
  await make({ family, cell: other }, { again: true }, run, to);
  const kept = (await readFile(rowsFileOf("tiny"), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).cell);
  expect(kept).toEqual([cell.set, cell.scores, cell.scores, other.set, other.scores, other.scores]);
});

test("what is kept of other settings is run again, and why is said", async () => {
  await make(asked, {}, async () => rowsOfRun(cell, 0.5, 1), to);
  lines.length = 0;
  await make(asked, {}, async () => rowsOfRun(cell, 0.6), to);
  expect(lines[0]).toBe("tiny/mnist-dm-ipc1: is run again (condensed with --steps 1)");
  expect(lines[1]).toContain("60.0 ± 1.4 %");
});
