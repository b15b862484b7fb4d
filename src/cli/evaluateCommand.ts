import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { load, readCondensed } from "../data/index.ts";
import { AttarError } from "../engine/index.ts";
import { coresetAsSet, type Evaluation, evaluate } from "../evaluate/index.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import { log, type OutputOptions, Progress, print, table } from "./output.ts";

export interface EvaluateFlags extends OutputOptions {
  on?: string;
  ipc?: number;
  nets: string;
  repeats?: number;
  epochs?: number;
  seed?: number;
  baselines: string;
}

const coresets = ["random", "herding", "kcenter", "kmeans", "full"];

/** `attar evaluate <run|file|coreset> --on <dataset>`: reads the saved file and nothing else of a run. */
export async function evaluateCommand(subject: string, flags: EvaluateFlags): Promise<void> {
  if (!flags.on)
    throw new AttarError("bad-option", "evaluate needs the dataset to test on", `attar evaluate ${subject} --on mnist`);
  for (const [name, value] of [
    ["--repeats", flags.repeats],
    ["--epochs", flags.epochs],
    ["--ipc", flags.ipc],
  ] as const)
    if (value !== undefined && value < 1)
      throw new AttarError("bad-option", `${name} must be at least 1, got ${value}`, `for example ${name} 5`);
  const networks = flags.nets
    .split(";")
    .flatMap((part) => (part.includes(":") ? [part] : part.split(",")))
    .filter(Boolean)
    .map(parseNetwork);
  const dataset = await load(flags.on);
  const set = coresets.includes(subject)
    ? await coresetAsSet(dataset, subject, flags.ipc ?? 10, flags.seed ?? 0)
    : await readCondensed(fileOf(subject));
  const abort = new AbortController();
  const stop = () => abort.abort();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  const progress = new Progress(flags);
  const baselines = subject === "full" ? [] : flags.baselines.split(",").filter((b) => b && b !== "none");
  for (const b of baselines)
    if (!coresets.includes(b))
      throw new AttarError("unknown-method", `unknown baseline "${b}"`, `use ${coresets.join(", ")} or none`);
  try {
    const result = await evaluate(set, dataset, {
      networks,
      repeats: flags.repeats,
      epochs: flags.epochs,
      seed: flags.seed,
      baselines,
      signal: abort.signal,
      onProgress: (p) =>
        progress.show(p.repeat * p.epochs + p.epoch, (flags.repeats ?? 5) * p.epochs, `${p.subject} on ${p.net}`),
    });
    progress.end();
    if (flags.json) print(JSON.stringify(result));
    else print(evaluationTable(result));
    log(
      `protocol ${result.protocol.hash.slice(0, 12)}: ${result.protocol.recipe.epochs} epochs, last one scored, ${result.protocol.repeats} repeats`,
      flags,
    );
  } finally {
    progress.end();
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}

function fileOf(subject: string): string {
  if (!existsSync(subject))
    throw new AttarError(
      "absent-file",
      `there is no run or file ${subject}`,
      `give a run folder, a .safetensors file, or one of ${coresets.join(", ")}`,
    );
  if (!statSync(subject).isDirectory()) return subject;
  const file = join(subject, "condensed.safetensors");
  if (!existsSync(file))
    throw new AttarError(
      "unfinished-run",
      `${subject} has no condensed.safetensors: the run is not finished`,
      "continue it with attar condense … --resume",
    );
  return file;
}

export { fileOf as condensedFileOf };

/** Accuracies in per cent, a row a set and network. */
export function evaluationTable(result: Evaluation): string {
  const rows: string[][] = [["set", "network", "accuracy", "±", "seconds"]];
  const add = (name: string, results: Evaluation["results"]) => {
    for (const r of results)
      rows.push([
        name,
        r.net,
        `${(100 * r.accuracy.mean).toFixed(2)} %`,
        (100 * r.accuracy.std).toFixed(2),
        r.seconds.toFixed(0),
      ]);
  };
  add(`${result.subject} (${result.storedBytes.toLocaleString("en")} bytes)`, result.results);
  for (const [name, { results }] of Object.entries(result.baselines)) add(name, results);
  return table(rows);
}
