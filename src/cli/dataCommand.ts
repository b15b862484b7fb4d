import { load, locate, pull, sources } from "../data/index.ts";
import { AttarError, nearest } from "../engine/index.ts";
import { log, type OutputOptions, Progress, print, table } from "./output.ts";

const names = ["digits", "mnist", "fashion-mnist", "cifar-10", "cifar-100", "svhn"];

/** `attar data list`: the datasets known by name and whether they are here. */
export async function listCommand(flags: OutputOptions): Promise<void> {
  const rows = await Promise.all(
    names.map(async (name) => ({ name, here: name === "digits" || (await located(name)) })),
  );
  if (flags.json) print(JSON.stringify(rows));
  else
    print(table([["dataset", "here"], ...rows.map((r) => [r.name, r.here ? "yes" : `no: attar data pull ${r.name}`])]));
}

async function located(name: string): Promise<boolean> {
  try {
    return Boolean(await locate(name));
  } catch {
    return false;
  }
}

/** `attar data info <name>`. */
export async function infoCommand(name: string, flags: OutputOptions): Promise<void> {
  const d = await load(name);
  const info = {
    name: d.name,
    shape: d.shape,
    classes: d.classes,
    train: d.train.labels.length,
    test: d.test.labels.length,
    mean: d.normalisation.mean,
    std: d.normalisation.std,
    checksum: d.checksum,
    source: d.source,
  };
  if (flags.json) print(JSON.stringify(info));
  else print(table(Object.entries(info).map(([k, v]) => [k, Array.isArray(v) ? v.join(", ") : String(v)])));
}

/** `attar data pull <name>`. */
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
  const where = await pull(name, { onProgress: (p) => progress.show(p.doneBytes, p.totalBytes, p.file) });
  progress.end();
  log(`${name} is ready`, flags);
  print(String(where));
}
