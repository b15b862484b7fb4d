import { existsSync } from "node:fs";
import { encodeRows } from "../../src/benchmark/rows/encode.node.ts";
import { type Settings, settingsFor } from "../../src/benchmark/rows/howMade.ts";
import { readRows } from "../../src/benchmark/rows/readRows.node.ts";
import type { Row } from "../../src/benchmark/rows/row.ts";
import { writeAtomic } from "../../src/data/node/writeAtomic.node.ts";
import type { Protocol } from "../../src/evaluate/index.ts";
import { type Summary, summary } from "../../src/evaluate/summary.ts";
import { infiniteNetworkNamed, parseNetwork } from "../../src/hypotheses/index.ts";
import { isCoreset, methodNamed } from "../../src/methods/index.ts";
import { type Cell, type Family, rowsFileOf } from "./cell.ts";
import { blank } from "./trainingImages.ts";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** The provider of the graphics card that computed, where one did. */
  readonly card?: string;
}

/** What is known of a result from before studies, in the column `origin` of its rows. */
export interface Origin {
  /** Where the run had begun, if it went on elsewhere: machines, the last step of each and its seconds. */
  readonly earlier?: readonly (Machine & { readonly until: number; readonly seconds: number })[];
  readonly card?: string;
}

/** The result of a cell: a view of its rows. */
export interface CellResult {
  /** The recipe as it was: a result of other hyperparameters is run again. Unknown of some from before studies. */
  readonly settings?: Settings;
  /** Forty hexadecimal digits, "-dirty" behind them where the code had uncommitted changes; "unknown" outside of git. */
  readonly commit: string;
  /** The number of sets that were scored: another draw for each network of a subset that is drawn, else one. */
  readonly sets: number;
  /** The number of networks that were trained; 0 where an infinitely wide one is solved in closed form. */
  readonly networks: number;
  /** The number of images that each of them trained on. */
  readonly images: number;
  /** The commands that make it: condense and evaluate, or evaluate alone for a subset. */
  readonly commands: readonly string[];
  /** Words of its condensation, as of {@link Cell}. */
  readonly condense: readonly string[];
  readonly machine: Machine;
  /** Seconds of condensation there; 0 for a subset. */
  readonly seconds: number;
  readonly earlier?: Origin["earlier"];
  readonly protocol: Omit<Protocol, "hash">;
  readonly net: string;
  readonly accuracy: Summary;
  /** Subsets that were trained beside it, by their rule. */
  readonly beside: Readonly<Record<string, Summary>>;
  readonly storedBytes: number;
}

/** Whether a cell is a subset of the real data. */
export const isSubset = ({ method }: Pick<Cell, "method">): boolean => isCoreset(methodNamed(method));

/** The hyperparameters of a cell's preset at its dataset and size; those of a coreset's rule with them. */
export const settingsOf = ({ method, dataset, ipc, condense }: Cell): Settings =>
  settingsFor(methodNamed(method), condense.includes("paper") ? "paper" : "laptop", blank(dataset, ipc), ipc);

/** The rows that are kept of a family; none where there is no file. @throws AttarError "bad-rows" */
export const rowsOf = async ({ name }: Pick<Family, "name">): Promise<readonly Row[]> =>
  existsSync(rowsFileOf(name)) ? readRows(rowsFileOf(name)) : [];

/** Tells whether a row is of a cell's networks, whichever they were. */
const isOf =
  (cell: Cell) =>
  ({ subject, dataset, ipc, protocol }: Row): boolean => {
    const [own] = cell.set.split("/");
    const [, , , , , name] = cell.scores.split("/");
    return subject === own && dataset === cell.dataset && ipc === cell.ipc && protocol === name;
  };

/** The result of a cell among rows; undefined where there is none. */
export function resultIn(rows: readonly Row[], cell: Cell): CellResult | undefined {
  const own = rows.filter(isOf(cell)).filter(({ status, value }) => status === "ok" && value !== null);
  const valuesOf = (metric: string) => own.flatMap((row) => (row.metric === metric ? [row.value!] : []));
  const [first] = own.filter(({ metric }) => metric === "accuracy");
  if (!first) return undefined;
  const { network, training, settings, samples, draws, commit, commands } = first;
  const origin = JSON.parse(first.origin ?? "{}") as Origin;
  const subset = isSubset(cell);
  const [device, cores, executor] = subset
    ? [first.device, first.threads, first.executor]
    : [first.set_device, first.set_threads, first.set_executor];
  const card = origin.card ?? /-(cuda|webgpu)$/.exec(executor ?? "")?.[1];
  const typed = (commands ?? "").split("\n");
  const accuracy = summary(valuesOf("accuracy"));
  const rules = [...new Set(own.flatMap(({ metric }) => /^accuracy\.(.+)$/.exec(metric)?.[1] ?? []))];
  return {
    ...(settings !== null && { settings: JSON.parse(settings) as Settings }),
    commit: commit ?? "unknown",
    sets: draws ?? 1,
    networks: infiniteNetworkNamed(parseNetwork(network!).name) ? 0 : accuracy.runs.length,
    images: samples!,
    commands: typed,
    condense: subset ? [] : askedIn(typed[0]!),
    machine: { cpu: (device ?? "unknown").replace(/^\w+ (x64|arm64) /, ""), cores: cores!, ...(card && { card }) },
    seconds: first.set_seconds ?? 0,
    ...(origin.earlier && { earlier: origin.earlier }),
    protocol: JSON.parse(training!) as CellResult["protocol"],
    net: network!,
    accuracy,
    beside: Object.fromEntries(rules.map((rule) => [rule, summary(valuesOf(`accuracy.${rule}`))])),
    storedBytes: rows.find((row) => row.cell === cell.set && row.metric === "bytes")?.value ?? 0,
  };
}

/** Options of `attar condense` that say where a set goes and what it is, not how it is made. */
const beside = new Set(["--method", "--ipc", "--seed", "--out", "--device", "--resume", "--force"]);

/** The words of a command of `attar condense` that say how the set is made. */
function askedIn(command: string): string[] {
  const [, , , ...words] = command.split(" ");
  const options: string[][] = [];
  for (const word of words) {
    if (word.startsWith("--")) options.push([word]);
    else options.at(-1)!.push(word);
  }
  return options.filter(([name]) => !beside.has(name!)).flat();
}

/** Puts a cell's rows in the place of those that were kept of it. Cells stand in the order of the family. */
export async function keep(family: Family, cell: Cell, made: readonly Row[]): Promise<void> {
  const others = (await rowsOf(family)).filter((row) => !isOf(cell)(row) && !made.some((own) => same(own, row)));
  const place = (row: Row) => {
    const at = family.cells.findIndex((one) => (row.protocol === null ? row.cell === one.set : isOf(one)(row)));
    return at < 0 ? family.cells.length : at;
  };
  const sorted = [...others, ...made].map((row, i) => ({ row, i, at: place(row) }));
  sorted.sort((a, b) => a.at - b.at || a.i - b.i);
  await writeAtomic(
    rowsFileOf(family.name),
    encodeRows(
      sorted.map(({ row }) => row),
      "ndjson",
    ),
  );
}

/** Whether two rows are of one number: the bytes of a set that two cells score. */
const same = (a: Row, b: Row) => a.cell === b.cell && a.metric === b.metric && a.repeat === b.repeat;
