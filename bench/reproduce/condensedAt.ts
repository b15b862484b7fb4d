import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomic } from "../../src/data/node/writeAtomic.node.ts";

/** The file beside a run folder that lists the commits at which the run was condensed. */
const listOf = (run: string) => `${run}.commits.json`;

/** The commits that were checked out while a run was condensed, the first one first. */
export async function condensedAt(run: string): Promise<string[]> {
  if (!existsSync(listOf(run))) return [];
  return JSON.parse(await readFile(listOf(run), "utf8")) as string[];
}

/** Notes that a run begins or goes on at a commit; one that has ended is only read, whatever is checked out. */
export async function noteCommit(run: string, id: string, anew: boolean): Promise<void> {
  if (!anew && existsSync(join(run, "condensed.safetensors"))) return;
  const before = anew ? [] : await condensedAt(run);
  if (before.at(-1) !== id) await writeAtomic(listOf(run), `${JSON.stringify([...before, id])}\n`);
}
