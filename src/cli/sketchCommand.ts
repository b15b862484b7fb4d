import { readFile } from "node:fs/promises";
import { drawSketch, encodeSketch, type Plugin, parseSketch, type Sketch } from "../condense/index.ts";
import { writeAtomic } from "../data/node/writeAtomic.node.ts";
import { AttarError } from "../engine/errors.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import { chosenMethod } from "./chosenMethod.ts";
import { type DatasetFlags, logGuesses, readOptionsOf } from "./datasetOptions.ts";
import { interruptible } from "./interruptible.ts";
import { loadDataset } from "./loadDataset.ts";
import { counted } from "./numbers.ts";
import { log, type OutputOptions, print, printJson, shellWord, table } from "./output.ts";
import { Progress } from "./progress.ts";
import { readSettings } from "./settings.ts";

export interface SketchFlags extends OutputOptions, DatasetFlags {
  method?: string;
  epsilon?: number;
  delta?: number;
  releases?: number;
  ipc?: number;
  seed?: number;
  net?: string;
  set: string[];
  out?: string;
}

/** `attar sketch <dataset>`: noised sums, drawn once, that sets are condensed from at no further cost. */
export async function sketchCommand(name: string, flags: SketchFlags, plugins: readonly Plugin[] = []): Promise<void> {
  const { ipc, seed, net, epsilon, delta, releases } = flags;
  if (flags.out === undefined)
    throw new AttarError("bad-option", "--out is missing: the file to write", "for example --out mnist.sketch");
  const read = readSettings(undefined, flags.set, { method: flags.method ?? "dp-dm", ipc, seed, net });
  const { method } = chosenMethod(read.method ?? "dp-dm");
  const dataset = await loadDataset(name, readOptionsOf(flags), flags);
  logGuesses(dataset, flags);
  const { net: network, method: _, ...rest } = read;
  const settings = {
    ...rest.settings,
    ...(epsilon !== undefined && { "privacy.epsilon": epsilon }),
    ...(delta !== undefined && { "privacy.delta": delta }),
  };
  const progress = new Progress(flags);
  await interruptible("stopping: nothing of a sketch is kept before it is whole", flags, async (signal) => {
    const sketch = await drawSketch(
      dataset,
      method,
      {
        ...rest,
        ipc: read.ipc ?? 10,
        settings,
        signal,
        ...(network !== undefined && { network: parseNetwork(network) }),
        ...(releases !== undefined && { steps: releases }),
        ...(plugins.length > 0 && { plugins }),
      },
      (drawn, all) => progress.show(drawn, all, "noised sums"),
    );
    progress.end();
    await writeAtomic(flags.out!, await encodeSketch(sketch));
    say(sketch, flags.out!, flags);
  });
}

function say({ claim, releases, method }: Sketch, out: string, flags: OutputOptions): void {
  const count = releases.shape[0]!;
  if (flags.json) printJson({ sketch: out, method: method.name, sums: count, ...claim });
  else
    print(
      table([
        ["sketch", out],
        ["holds", `${counted(count, "noised sum")} of ${method.title.toLowerCase()}`],
        ["keeps", `ε ${Number(claim.epsilon.toPrecision(6))} at δ ${claim.delta}`],
        ["next", `attar condense --from ${shellWord(out)} --ipc 10`],
      ]),
    );
  for (const reason of claim.against) log(`nothing is claimed: ${reason}`, flags);
}

/** The sketch in a file. @throws AttarError where it cannot be read or is none */
export async function readSketch(path: string): Promise<Sketch> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new AttarError(
      "no-sketch",
      error.code === "ENOENT" ? `there is no sketch ${path}` : `cannot read ${path}: ${error.message}`,
      "attar sketch mnist --out mnist.sketch writes one",
    );
  });
  return parseSketch(bytes, path);
}
