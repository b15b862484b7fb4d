import { dirname } from "node:path";
import { artefactCache } from "../artefacts/node/artefactCache.node.ts";
import { inPlainUnits } from "../data/changeOfUnits.ts";
import { makeFolder, removeAbandoned, writeAtomic } from "../data/index.ts";
import { AttarError, nearest } from "../engine/errors.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import {
  checkUsed,
  chosenDiscrepancies,
  type Measurement,
  type MeasureOptions,
  measure,
  parseOptions,
  type Sides,
} from "../measure/index.ts";
import { type DatasetFlags, logGuesses, readOptionsOf } from "./datasetOptions.ts";
import { interruptible } from "./interruptible.ts";
import { discrepancyList } from "./measureList.ts";
import { measurementTables } from "./measureTable.ts";
import { log, type OutputOptions, print, printJson } from "./output.ts";
import { refuseOtherEncoder, refuseOtherPicture, signed } from "./ownOutput.ts";
import { Progress } from "./progress.ts";

export interface MeasureFlags extends OutputOptions, DatasetFlags {
  discrepancy: string;
  perClass?: boolean;
  byPosition?: boolean;
  encoder?: string;
  saveEncoder?: string;
  space?: string;
  set: string[];
  net?: string;
  seed?: number;
  references?: boolean;
  plot?: string;
  list?: boolean;
  markdown?: boolean;
}

/** Exit code of what was stopped. */
const interrupted = 4;

/** `attar measure <A> <B>`: every distance asked for; `--list` says which there are. */
export async function measureCommand(a: string | undefined, b: string | undefined, flags: MeasureFlags): Promise<void> {
  if (flags.list) return print(discrepancyList(flags));
  if (a === undefined || b === undefined)
    throw new AttarError("bad-option", "measure needs two sets", "for example attar measure mnist:train mnist:test");
  if (flags.saveEncoder !== undefined && flags.encoder === undefined) throw noEncoder();
  for (const path of [flags.plot, flags.saveEncoder])
    if (path !== undefined) {
      await makeFolder(dirname(path));
      await removeAbandoned(path);
    }
  if (flags.plot !== undefined) await refuseOtherPicture(flags.plot);
  if (flags.saveEncoder !== undefined) await refuseOtherEncoder(flags.saveEncoder);
  const names = flags.discrepancy === "all" ? "all" : flags.discrepancy.split(",").filter((name) => name.trim() !== "");
  const given = parseOptions(flags.set);
  checkUsed(given, chosenDiscrepancies(names));
  let sides: Sides | undefined;
  const options: MeasureOptions = {
    discrepancies: names,
    options: given,
    perClass: flags.perClass,
    byPosition: flags.byPosition,
    encoder: flags.encoder,
    space: spaceOf(flags.space),
    network: flags.net === undefined ? undefined : parseNetwork(flags.net),
    seed: flags.seed,
    references: flags.references ?? flags.plot !== undefined,
    reading: readOptionsOf(flags),
    onDataset: (dataset) => logGuesses(dataset, flags),
  };
  const found = await interruptible(
    "stopping; what is computed is printed",
    flags,
    (signal, listen) => {
      const onSides = (both: Sides) => {
        sides = both;
        listen();
      };
      const artefacts = artefactCache({ signal, onWait: (note) => log(note, flags) });
      return measured(a, b, { ...options, artefacts, signal, onSides }, flags);
    },
    { later: true },
  );
  await keep(found, sides!, flags);
  if (found.interrupted) process.exitCode = interrupted;
  else if (Object.keys(found.failed).length > 0) process.exitCode = 1;
  // The process ends with the step under way: ending it from here would tear down a running ONNX Runtime.
}

async function measured(a: string, b: string, options: MeasureOptions, flags: MeasureFlags): Promise<Measurement> {
  const progress = new Progress(flags);
  try {
    return await measure(a, b, {
      ...options,
      onProgress: ({ done, total, what }) => progress.show(done, total, what),
    });
  } finally {
    progress.end();
  }
}

/** Prints the result, and writes what was asked for beside it. */
async function keep(found: Measurement, sides: Sides, flags: MeasureFlags): Promise<void> {
  if (flags.json) printJson(found);
  else print(measurementTables(found));
  if (flags.plot !== undefined) {
    const { picture } = await import("../measure/picture/picture.ts");
    await refuseOtherPicture(flags.plot);
    await writeAtomic(flags.plot, signed(picture(found, sides)));
    log(`picture: ${flags.plot}`, flags);
  }
  if (flags.saveEncoder === undefined) return;
  const { encodeEncoder } = await import("../views/pushForward/index.ts");
  const { encoder, normalisation } = sides;
  if (!encoder || !normalisation) throw noEncoder();
  const { zca } = normalisation;
  await refuseOtherEncoder(flags.saveEncoder);
  await writeAtomic(
    flags.saveEncoder,
    await encodeEncoder(encoder, { ...inPlainUnits(normalisation, encoder.input), zca }),
  );
  log(`encoder: ${flags.saveEncoder}`, flags);
}

const noEncoder = () =>
  new AttarError("bad-option", "--save-encoder has no encoder to save", "name one: --encoder pca:50");

function spaceOf(text: string | undefined): "latent" | "input" | undefined {
  if (text === undefined || text === "latent" || text === "input") return text;
  const near = nearest(text, ["latent", "input"]);
  throw new AttarError(
    "bad-option",
    `--space is latent or input, got "${text}"`,
    near ? `did you mean --space ${near}?` : "latent compares codes, input compares images",
  );
}
