import { parseArgs } from "node:util";
import { AttarError } from "../../src/engine/index.ts";
import { type Family, nameOf } from "./cell.ts";
import { type Kept, keptAs, shortCommit } from "./currency.ts";
import { writeDocuments } from "./documents.ts";
import { cellNamed, families, familyNamed } from "./families.ts";
import { make } from "./make.ts";
import { resultIn, rowsOf } from "./result.ts";
import { type Making, runCell } from "./runCell.ts";
import { takeIn } from "./takeIn.ts";

const usage = `npm run reproduce -- [<set>] [--only NAME] [--again] [--device NAME] [--list] [--tables]

Runs cells of studies/<set>.json by attar benchmark run, one at a time, and keeps their rows in studies/<set>.rows.ndjson. A cell
that is kept and still what is asked for is not run again; its row and its commit are shown. The tables are written after that.

  <set>          subsets, dd, bilevel, quality or paper: every cell of it, then the tables
  --only NAME    that cell alone, by its whole name, e.g. mnist-dm-ipc10
  --again        run cells that are kept once more, from the beginning
  --device NAME  as of attar benchmark run; an interrupted cell may continue on another
  --list         run nothing: print the names of all cells, and which of them are to be run
  --tables       run nothing: write docs/results/*.md and the tables of README.md from what is kept; results that lie
                 as JSON under docs/results/<set> are made rows first
  --help         this text`;

const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function makeAll(family: Family, options: Making): Promise<void> {
  const failed: string[] = [];
  for (const [i, cell] of family.cells.entries()) {
    log(`${i + 1}/${family.cells.length}`);
    try {
      await make({ family, cell }, options, runCell, { log, print });
    } catch (error) {
      if (!(error instanceof AttarError) || error.exitCode === 4) throw error;
      log(`  ${error.message}`);
      failed.push(nameOf(cell));
    }
  }
  await writeDocuments();
  if (failed.length > 0) throw new AttarError("reproduction-failed", `failed: ${failed.join(", ")}`, "", 1);
}

/** A line a cell: its name, and what is the case with it. */
async function list(): Promise<void> {
  for (const family of families) {
    const rows = await rowsOf(family);
    for (const cell of family.cells) {
      const result = resultIn(rows, cell);
      const kept: Kept | undefined = result && keptAs(cell, result);
      const state = kept
        ? kept.outdated.join("; ") || `kept, of commit ${shortCommit(kept.result.commit)}`
        : "not run yet";
      print(`${`${family.name}/${nameOf(cell)}`.padEnd(50)} ${state}`);
    }
  }
}

/** Writes the documents, results from before studies taken in first. */
async function writeTables(): Promise<void> {
  for (const family of families)
    for (const file of await takeIn(family)) log(`${file} is taken into the rows of its study`);
  await writeDocuments();
}

async function main(args: string[]): Promise<void> {
  const { values, positionals } = parse(args);
  const [name] = positionals;
  const { again, device, only } = values;
  if (values.help) return print(usage);
  if (positionals.length > 1)
    throw new AttarError("bad-option", `one set at a time, got ${positionals.join(" ")}`, usage);
  const family = name === undefined ? undefined : familyNamed(name);
  if (values.list) return list();
  if (values.tables) return writeTables();
  if (only !== undefined) {
    const ran = await make(cellNamed(only, family), { again, device }, runCell, { log, print });
    return ran ? writeTables() : undefined;
  }
  if (!family) throw new AttarError("bad-option", "name a set of experiments, or a cell with --only", usage);
  await makeAll(family, { again, device });
}

function parse(args: string[]) {
  const options = {
    only: { type: "string" },
    again: { type: "boolean" },
    device: { type: "string" },
    list: { type: "boolean" },
    tables: { type: "boolean" },
    help: { type: "boolean" },
  } as const;
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new AttarError("bad-option", (error as Error).message, usage);
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof AttarError)) throw error;
  log(`${error.message}${error.hint && `\n${error.hint}`}`);
  process.exitCode = error.exitCode;
}
