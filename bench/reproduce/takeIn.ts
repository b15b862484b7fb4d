import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { canonical } from "../../src/benchmark/plan/canonical.ts";
import type { Settings } from "../../src/benchmark/rows/howMade.ts";
import { type Row, rowSchema } from "../../src/benchmark/rows/row.ts";
import type { Evaluation } from "../../src/evaluate/index.ts";
import { type Cell, type Family, nameOf } from "./cell.ts";
import { isSubset, keep, type Machine } from "./result.ts";
import { inTodaysWords } from "./words.ts";

/** A result as files of docs/results held it before studies. */
export interface Recorded {
  readonly cell: {
    readonly method: string;
    readonly dataset: string;
    readonly ipc: number;
    readonly condense: readonly string[];
    readonly evaluate: readonly string[];
  };
  readonly settings?: Settings;
  /**
   * The last commit of the code that ran ("run"), or the one that added the file; and the later one that brought the present figures
   * into it.
   */
  readonly commit: { readonly id: string; readonly of: "run" | "file added"; readonly figures?: string };
  readonly seeds: { readonly condense?: number; readonly evaluate: number };
  readonly sets: number;
  readonly networks: number;
  readonly images: number;
  readonly commands: readonly string[];
  readonly commandForm?: "older";
  readonly words?: number;
  readonly machine: Machine;
  readonly seconds: number;
  readonly condensedAt?: readonly string[];
  readonly earlier?: readonly (Machine & { readonly until: number; readonly seconds: number })[];
  readonly evaluation: Evaluation;
}

/**
 * A recorded result as rows, in today's words, without a loss: what rows have no column for stands in `origin`, and so does all
 * that was written in other words.
 */
export function asRows(family: string, cell: Cell, recorded: Recorded): Row[] {
  const { settings, commands, ...today } = inTodaysWords(recorded, cell);
  const { commit, seeds, sets, images, machine, seconds, evaluation, condensedAt, earlier, commandForm } = today;
  const { protocol, results, baselines, storedBytes } = evaluation;
  const subset = isSubset(cell);
  const [subject] = cell.set.split("/");
  const { hash, ...training } = protocol;
  const { reported, ...words } = recorded.cell as Recorded["cell"] & { reported?: object };
  const origin = {
    commit,
    ...(machine.card && { card: machine.card }),
    ...{ condensedAt, earlier, commandForm, words: recorded.words, reported },
    cell: words,
    ...(canonical(recorded.commands) !== canonical(commands) && { commands: recorded.commands }),
    ...(canonical(recorded.settings ?? null) !== canonical(settings ?? null) && { settings: recorded.settings }),
  };
  const steps = settings && "steps" in settings ? Number(settings.steps) : null;
  const shared = {
    ...{ study: family, subject: subject!, method: cell.method, dataset: cell.dataset, ipc: cell.ipc },
    ...{ record: null, imported: null, checksum: null, set: null, seed: seeds.condense ?? null },
    ...{ status: "ok" as const, reason: null, key: null, parents: null, steps: steps === 0 ? null : steps },
    ...{ bytes_images: null, bytes_labels: null, attar: null, node: null, onnxruntime: null },
    ...{ executor: null, host: null, load: null, started: null, origin: canonical(origin) },
    commit: commit.figures ?? commit.id,
    claimed: cell.reported ? cell.reported.accuracy / 100 : null,
    claimed_source: cell.reported?.source ?? null,
    settings: settings ? canonical(settings) : null,
  };
  const machineOfSet = { device: machine.cpu, threads: machine.cores };
  const score = (metric: string, { net, accuracy, seconds: spent }: Evaluation["results"][number]): Row[] =>
    accuracy!.runs.map((value, repeat) =>
      rowSchema.parse({
        ...shared,
        ...{ cell: `${cell.set}/${net}/${cell.scores.split("/")[5]}`, objective: "accuracy", metric, value, repeat },
        ...{ unit: "fraction", better: "higher", network: net, protocol: cell.scores.split("/")[5] },
        ...{ protocol_hash: hash, epochs: protocol.recipe.epochs, seconds: spent },
        ...(subset ? machineOfSet : { device: null, threads: null }),
        ...(subset
          ? {}
          : { set_seconds: seconds, set_device: machine.cpu, set_threads: machine.cores, set_executor: null }),
        ...{ training: canonical(training), samples: images, draws: sets, commands: commands.join("\n") },
      }),
    );
  return [
    rowSchema.parse({
      ...shared,
      ...{ cell: cell.set, objective: "bytes", metric: "bytes", unit: "bytes", better: "lower", value: storedBytes },
      ...{ repeat: null, network: null, protocol: null, protocol_hash: null, epochs: null },
      ...{ seconds: subset ? null : seconds, ...(subset ? { device: null, threads: null } : machineOfSet) },
      ...{ commands: subset ? null : commands[0]! },
    }),
    ...results.flatMap((result) => score("accuracy", result)),
    ...Object.entries(baselines).flatMap(([rule, own]) => own.results.flatMap((one) => score(`accuracy.${rule}`, one))),
  ];
}

/** The files of a family in the form from before studies, by the cells that they are of. */
export async function recordedOf(family: Family): Promise<{ file: string; cell: Cell; recorded: Recorded }[]> {
  const folder = join("docs", "results", family.name);
  const names = existsSync(folder) ? (await readdir(folder)).filter((name) => name.endsWith(".json")) : [];
  const found = [];
  for (const cell of family.cells) {
    if (!names.includes(`${nameOf(cell)}.json`)) continue;
    const file = join(folder, `${nameOf(cell)}.json`);
    found.push({ file, cell, recorded: JSON.parse(await readFile(file, "utf8")) as Recorded });
  }
  return found;
}

/** Takes files from before studies into a family's rows, and removes them. @returns the files that were taken in */
export async function takeIn(family: Family): Promise<string[]> {
  const taken: string[] = [];
  for (const { file, cell, recorded } of await recordedOf(family)) {
    await keep(family, cell, asRows(family.name, cell, recorded));
    await rm(file);
    taken.push(file);
  }
  return taken;
}
