import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeAtomic } from "../../src/data/node/writeAtomic.node.ts";
import { AttarError } from "../../src/engine/index.ts";
import { type Cell, nameOf } from "./cell.ts";
import { familyNamed } from "./families.ts";
import { type CellResult, keep, kept } from "./result.ts";
import { runCell } from "./runCell.ts";
import { markdown } from "./table.ts";

const usage = `npm run reproduce -- <set> [--only TEXT] [--again] [--device NAME] [--table]

Runs a set of experiments, a cell at a time, and keeps each under docs/results/<set>; what is kept is not run again.

  --only TEXT    only the cell of that name (dataset-method-ipcN), or else those whose names contain TEXT
  --again        score cells that are kept once more
  --device NAME  as of attar condense and attar evaluate; an interrupted cell may continue on another
  --table        run nothing: write the table of what is kept
  --help         this text`;

const log = (line: string) => process.stderr.write(`${line}\n`);

async function main(args: string[]): Promise<void> {
  const { values, positionals } = parse(args);
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const [name] = positionals;
  if (!name) throw new AttarError("bad-option", "name a set of experiments", usage);
  const family = familyNamed(name);
  const results: CellResult[] = [];
  const { only = "", again = false } = values;
  const making = { again, device: values.device ? ["--device", values.device] : [] };
  const exact = family.cells.some((cell) => nameOf(cell) === only);
  const matches = (name: string) => (exact ? name === only : name.includes(only));
  const wanted = (cell: Cell) => !values.table && matches(nameOf(cell));
  const failed: string[] = [];
  const writeTable = () => writeAtomic(join("docs", "results", `${family.name}.md`), markdown(family, results));
  for (const [i, cell] of family.cells.entries()) {
    let result = await kept(family, cell);
    if (wanted(cell) && (!result || again)) {
      log(`${i + 1}/${family.cells.length} ${nameOf(cell)}`);
      try {
        result = await runCell(family, cell, making);
        await keep(family, result);
        log(`  ${(100 * result.evaluation.results[0]!.accuracy.mean).toFixed(2)} %`);
      } catch (error) {
        if (!(error instanceof AttarError) || error.exitCode === 4) throw error;
        log(`  ${error.message}`);
        failed.push(nameOf(cell));
      }
    }
    if (result) results.push(result);
  }
  await writeTable();
  process.stdout.write(markdown(family, results));
  if (failed.length > 0) throw new AttarError("reproduction-failed", `failed: ${failed.join(", ")}`, "", 1);
}

function parse(args: string[]) {
  const options = {
    only: { type: "string" },
    again: { type: "boolean" },
    device: { type: "string" },
    table: { type: "boolean" },
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
