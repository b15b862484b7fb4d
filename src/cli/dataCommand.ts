import { datasetSummary } from "../data/datasetSummary.ts";
import { locate, pull, sources } from "../data/index.ts";
import { AttarError, nearest } from "../engine/errors.ts";
import { type DatasetFlags, readOptionsOf } from "./datasetOptions.ts";
import { datasetRows } from "./datasetReport.ts";
import { interruptible } from "./interruptible.ts";
import { loadDataset } from "./loadDataset.ts";
import { log, type OutputOptions, print, printJson, table } from "./output.ts";
import { Progress } from "./progress.ts";

const names = ["digits", "mnist", "fashion-mnist", "cifar-10", "cifar-100", "svhn"];

/** `attar data list`: the datasets known by name and where they are. */
export async function listCommand(flags: OutputOptions): Promise<void> {
  const found = await Promise.all(
    names.map(async (name) => ({ name, where: name === "digits" ? "embedded" : await located(name) })),
  );
  if (flags.json) printJson(found.map(({ name, where }) => ({ name, here: Boolean(where), where: where ?? null })));
  else
    print(
      table([["dataset", "where"], ...found.map((r) => [r.name, r.where ?? `not here: attar data pull ${r.name}`])]),
    );
}

async function located(name: string): Promise<string | undefined> {
  try {
    return await locate(name);
  } catch {
    return undefined;
  }
}

/** `attar data info <name or path>`: what is there, and how it was read. */
export async function infoCommand(name: string, flags: OutputOptions & DatasetFlags): Promise<void> {
  const dataset = await loadDataset(name, readOptionsOf(flags), flags);
  if (flags.json) printJson(datasetSummary(dataset));
  else print(table(datasetRows(dataset)));
}

/** `attar data pull <name>`: prints the folder it is in. */
export async function pullCommand(name: string, flags: OutputOptions): Promise<void> {
  const known = Object.keys(sources);
  if (!known.includes(name)) {
    const guess = nearest(name, known);
    throw new AttarError(
      "unknown-dataset",
      `there is nothing to pull under the name "${name}"`,
      guess ? `did you mean attar data pull ${guess}?` : `names: ${known.join(", ")}`,
    );
  }
  const progress = new Progress(flags);
  await interruptible("stopping; what is here is kept", flags, async (signal) => {
    try {
      const onWait = (note: string) => log(note, flags);
      const folder = await pull(name, {
        signal,
        onWait,
        onProgress: (p) => progress.show(p.doneBytes, p.totalBytes, p.file),
      });
      progress.end();
      log(`${name} is ready`, flags);
      if (flags.json) printJson({ name, where: folder });
      else print(folder);
    } finally {
      progress.end();
    }
  });
}
