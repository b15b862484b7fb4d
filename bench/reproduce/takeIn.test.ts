import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { Row } from "../../src/benchmark/rows/row.ts";
import type { Cell, Family } from "./cell.ts";
import { cellNamed } from "./families.ts";
import { resultIn, rowsOf } from "./result.ts";
import { asRows, type Recorded } from "./takeIn.ts";
import { inTodaysWords } from "./words.ts";

/** The last commit with results in the form from before studies. */
const before = "caa037b";

const git = (...words: string[]) => execFileSync("git", words, { maxBuffer: 1 << 28 }).toString();

function isThere(): boolean {
  try {
    git("cat-file", "-e", `${before}^{commit}`);
    return true;
  } catch {
    return false;
  }
}

interface Case {
  readonly name: string;
  readonly family: Family;
  readonly cell: Cell;
  readonly recorded: Recorded;
}

function recordedBefore(): Case[] {
  const files = git("ls-tree", "-r", "--name-only", before, "docs/results").split("\n");
  return files
    .filter((file) => /^docs\/results\/[^/]+\/.*\.json$/.test(file))
    .map((file) => {
      const name = file.slice("docs/results/".length, -".json".length);
      return { name, ...cellNamed(name), recorded: JSON.parse(git("show", `${before}:${file}`)) as Recorded };
    });
}

const kept = new Map<string, Promise<readonly Row[]>>();
const rowsKept = (family: Family) => {
  const rows = kept.get(family.name) ?? rowsOf(family);
  kept.set(family.name, rows);
  return rows;
};

const cases = isThere() ? recordedBefore() : [];

describe.skipIf(cases.length === 0)("what was recorded before studies (skipped in a shallow clone)", () => {
  test("is more than a hundred results", () => {
    expect(cases.length).toBeGreaterThan(100);
  });

  test.each(cases)("$name is in rows, to the last figure", async ({ family, cell, recorded }) => {
    const rows = asRows(family.name, cell, recorded);
    const today = inTodaysWords(recorded, cell);
    const { evaluation, commit, seeds, settings, sets, networks, images, commands, machine, seconds } = today;
    const { hash, ...protocol } = evaluation.protocol;
    const [{ net, accuracy, seconds: scoring }] = evaluation.results as [Evaluated];
    expect(resultIn(rows, cell)).toEqual({
      ...(settings && { settings }),
      ...{ commit: commit.figures ?? commit.id, sets, networks, images, commands, machine, seconds },
      ...(today.earlier && { earlier: today.earlier }),
      condense: cell.set.startsWith(`${cell.method}/`) && commands.length === 1 ? [] : today.cell.condense,
      ...{ protocol, net, accuracy, storedBytes: evaluation.storedBytes },
      beside: Object.fromEntries(
        Object.entries(evaluation.baselines).map(([rule, own]) => [rule, own.results[0]!.accuracy]),
      ),
    });
    for (const row of rows) {
      const origin = JSON.parse(row.origin!);
      const { reported, ...words } = recorded.cell as Recorded["cell"] & { reported?: object };
      expect(origin).toMatchObject({ commit: recorded.commit, cell: words });
      expect(origin.reported).toEqual(reported);
      expect([origin.words, origin.commandForm, origin.condensedAt]).toEqual([
        ...[recorded.words, recorded.commandForm, recorded.condensedAt],
      ]);
      expect(origin.commands ?? commands).toEqual(recorded.commands);
      expect(origin.settings ?? settings).toEqual(recorded.settings);
      expect(row.seed).toBe(seeds.condense ?? null);
      if (row.metric === "accuracy") expect([row.protocol_hash, row.seconds]).toEqual([hash, scoring]);
      const beside = evaluation.baselines[row.metric.slice("accuracy.".length)];
      if (beside) expect(row.seconds).toBe(beside.results[0]!.seconds);
    }
    // The rows that are committed are these, or those of a later result of the same cell.
    const own = resultIn(await rowsKept(family), cell)!;
    expect(own.accuracy.runs.length).toBeGreaterThan(0);
    if (own.commit === (commit.figures ?? commit.id)) expect(own).toEqual(resultIn(rows, cell));
  });

  test("a record from before initialisations were renamed is read in today's words, one from after as it is", () => {
    const { recorded } = cases.find(({ name }) => name === "dd/mnist-dm-ipc10")!;
    const older = (settings: object) => inTodaysWords({ ...recorded, words: 1, settings } as Recorded).settings;
    expect(older({ initialisation: "kmeans", steps: 1, realBatch: 0 })).toEqual({
      ...{ initialisation: "kmeans-centres", steps: 0, realBatch: 0 },
    });
    expect(older({ initialisation: "representative", "selection.slack": 0.1, steps: 1, realBatch: 64 })).toEqual({
      ...{ initialisation: "kmeans", "initialisation.slack": 0.1, steps: 1, realBatch: 64 },
    });
    const commands = ["attar condense mnist --set initialisation=real --out runs/a"];
    expect(inTodaysWords({ ...recorded, words: 1, commands } as Recorded).commands).toEqual([
      "attar condense mnist --set initialisation=random --out runs/a",
    ]);
    const written: Recorded = { ...recorded, words: 2, settings: { initialisation: "kmeans" } };
    expect(inTodaysWords(written)).toBe(written);
  });
});

type Evaluated = Recorded["evaluation"]["results"][number];
