import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { madeResult } from "../../../test/fixtures/madeResult.ts";
import { type Kept, keptAs } from "../currency.ts";
import { cellNamed } from "../families.ts";
import { methodsTable } from "./methods.ts";
import { withSections } from "./sections.ts";
import { speedLine } from "./speed.ts";
import { worthTable } from "./worth.ts";

const row = (name: string, changes: Parameters<typeof madeResult>[1] = {}): Kept => {
  const { cell } = cellNamed(name);
  return keptAs(cell, madeResult(cell, changes));
};

/** The cells of a table's row by its first one. */
const cellsOf = (table: string, first: string): string[] =>
  table
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .find((cells) => cells[1] === first)!
    .slice(1, -1);

describe("marked sections", () => {
  const text = "a\n<!-- x: written by npm run reproduce -- --tables -->\nold\n<!-- /x -->\nb\n";

  test("are written anew and nothing else is", () => {
    const once = withSections(text, new Map([["x", "new"]]));
    expect(once).toBe("a\n<!-- x: written by npm run reproduce -- --tables -->\n\nnew\n\n<!-- /x -->\nb\n");
    expect(withSections(once, new Map([["x", "new"]]))).toBe(once);
  });

  test("that are missing, or that nothing writes, are refused", () => {
    expect(() => withSections("a", new Map([["x", "new"]]))).toThrow("no section x");
    expect(() => withSections(text, new Map())).toThrow("nothing writes the section x");
  });
});

describe("the table of methods", () => {
  const subsets = [
    row("mnist-random-ipc10", { accuracy: 0.9, epochs: 200 }),
    row("mnist-dm-start-ipc10", { accuracy: 0.91, epochs: 200 }),
  ];
  const current = row("mnist-dm-ipc10", { accuracy: 0.95, epochs: 200 });
  const table = methodsTable(
    [
      { ...current, outdated: [] },
      { ...row("mnist-frepo-ipc10", { accuracy: 0.98, epochs: 2000, net: "convnet:width=32" }), outdated: [] },
      { ...row("mnist-dc-ipc10", { accuracy: 0.96, epochs: 200, augmentation: "color" }), outdated: ["why"] },
      { ...row("mnist-teddy-ipc10", { accuracy: 0.94, epochs: 200 }), outdated: [] },
      { ...row("mnist-dsa-1000-epochs-ipc10", { accuracy: 0.99, epochs: 1000 }), outdated: [] },
    ],
    subsets,
  );

  test("marks what is unverified, scored otherwise, to be run again, seen", () => {
    expect(cellsOf(table, "`dm`")[2]).toBe("95.0 ± 1.0 (97.5?)");
    expect(cellsOf(table, "`frepo`")[2]).toBe("98.0 ± 1.0 ° (98.6?)");
    expect(cellsOf(table, "`dc`")[2]).toBe("96.0 ± 1.0 ° † (97.4)");
    expect(cellsOf(table, "`teddy`")[2]).toBe("94.0 ± 1.0 ‡");
    expect(table).not.toContain("`dsa`");
  });

  test("ends with subsets and the start, and explains the marks that it has", () => {
    expect(cellsOf(table, "_`random`_")[2]).toMatch(/^90\.0 ± 1\.0/);
    expect(cellsOf(table, "_representative images, unoptimised_")[2]).toMatch(/^91\.0 ± 1\.0/);
    for (const mark of ["?", "°", "†", "‡"]) expect(table).toContain(`\n- ${mark} `);
    const plain = methodsTable(
      [{ ...row("mnist-datadam-ipc10", { epochs: 200 }), outdated: [] }],
      [{ ...subsets[0]!, outdated: [] }],
    );
    expect(plain).not.toContain("\n- ");
  });
});

test("the first table holds a set against subsets that are trained as long, and against no others", () => {
  const long = row("mnist-dsa-1000-epochs-ipc10", { accuracy: 0.97, epochs: 1000 });
  const short = row("mnist-random-ipc10", { accuracy: 0.9, epochs: 200 });
  expect(cellsOf(worthTable([long], [short]), "mnist").slice(2, 9)).toEqual([
    "`dsa`",
    "1 s, 2 cores",
    "2 networks, 1 set, 1000 steps",
    "97.0 ± 1.0",
    "–",
    "–",
    "97.8",
  ]);
  const equal = row("mnist-random-1000-epochs-ipc10", { accuracy: 0.94, epochs: 1000 });
  expect(cellsOf(worthTable([long], [short, equal]), "mnist")[6]).toBe("94.0 ± 1.0");
});

test("the line of speed follows from the data of the bench, and says so where there is none", async () => {
  const folder = await mkdtemp(join(tmpdir(), "attar-speed-"));
  const path = join(folder, "speed.json");
  expect(speedLine(path)).toContain("npm run bench");
  const cases = [
    { speedup: 1.25, plainSpeedup: 2.5 },
    { speedup: 0.81, plainSpeedup: 0.94 },
    { speedup: 2.04, plainSpeedup: 3.6 },
    { speedup: null, plainSpeedup: null },
  ];
  const machine = { cpu: "a processor", threads: 2 };
  await writeFile(path, JSON.stringify({ machine, peer: { name: "PyTorch", version: "2.15" }, cases }));
  expect(speedLine(path)).toBe(
    "On 2 cores of a processor attar takes its steps at 0.8 to 2.0 times the speed of PyTorch 2.15 tuned for the same cores, 1.3 times in the middle of 3 cases (0.9 to 3.6 times PyTorch as it comes): [docs/results/speed.md](docs/results/speed.md).",
  );
  await rm(folder, { recursive: true });
});
