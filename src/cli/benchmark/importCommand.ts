import { basename, join } from "node:path";
import { type Imported, importSets, layouts, type Space, spaces } from "../../benchmark/import/index.node.ts";
import { AttarError, nearest } from "../../engine/errors.ts";
import { interruptible } from "../interruptible.ts";
import { loadDataset } from "../loadDataset.ts";
import { byteCount, log, type OutputOptions, print, printJson, shellWord, table } from "../output.ts";

export interface ImportFlags extends OutputOptions {
  as?: string;
  on?: string;
  out?: string;
  space?: string;
  mean?: string;
  std?: string;
  factor?: number;
  order?: string;
  set?: number;
  claimed?: number;
  source?: string;
  name?: string;
}

/** `attar benchmark import <file>`: a set made elsewhere as a folder, and what the doctor says of it. */
export async function importCommand(file: string, flags: ImportFlags): Promise<void> {
  const { as, on, claimed, source, name, factor, set } = flags;
  if (as === undefined)
    throw new AttarError(
      "bad-option",
      "the layout of a file is not guessed",
      `add --as and one of ${Object.keys(layouts).join(", ")}`,
    );
  if (on === undefined)
    throw new AttarError("bad-option", "import needs the dataset that the set was condensed from", "add --on cifar-10");
  const space = flags.space === undefined ? undefined : spaceNamed(flags.space);
  const own = ownUnits(flags);
  const order = flags.order === undefined ? undefined : numbersOf("--order", flags.order);
  const out = flags.out ?? join("sets", basename(file).replace(/\.\w+$/, ""));
  const dataset = await loadDataset(on, {}, flags);
  await interruptible("stopping", flags, async (signal) => {
    log(`training a small network on ${dataset.name}, to judge labels by`, flags);
    const imported = await importSets(file, dataset, out, {
      as,
      signal,
      ...(space && { space }),
      ...(own && { own }),
      ...(factor !== undefined && { factor }),
      ...(order && { order }),
      ...(set !== undefined && { set }),
      ...(claimed !== undefined && { claimed: claimed / 100 }),
      ...(source !== undefined && { source }),
      ...(name !== undefined && { name }),
    });
    if (flags.json)
      printJson(imported.map(({ folder, bytes, notes, diagnosis }) => ({ folder, bytes, notes, ...diagnosis })));
    else print(imported.map((one) => report(one, on)).join("\n\n"));
  });
}

/** What was written and found, and what to type next. */
function report({ folder, set, bytes, notes, diagnosis }: Imported, on: string): string {
  const { values, real, agreement, classifierAccuracy, nearest: near, findings } = diagnosis;
  const rows = [
    ["written", `${folder}: ${set.labels.length} images, ${set.ipc} stored a class, ${byteCount(bytes)}`],
    ["values", `${spread(values)}; of ${on} ${spread(real)}`],
    [
      "labels",
      `${percent(agreement)} as a network trained on ${on} has them; it is right of ${percent(classifierAccuracy)} of real images`,
    ],
    [
      "nearest",
      `the closest real image is ${figure(near.closest)} times as far as real neighbours are, in the middle ${figure(near.median)}`,
    ],
    ...notes.map((note) => ["note", note]),
    ...findings.map(({ what, option }) => ["doctor", option ? `${what}: ${option}` : what]),
    ...(findings.length === 0 ? [["doctor", "nothing odd"]] : []),
    ["next", `attar evaluate ${shellWord(folder)} --on ${shellWord(on)}`],
  ];
  return table(rows);
}

const figure = (value: number) => String(Number(value.toPrecision(2)));
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
const spread = ({ low, high, mean, deviation }: Imported["diagnosis"]["values"]) =>
  `${figure(low)} to ${figure(high)}, mean ${figure(mean)}, deviation ${figure(deviation)}`;

function spaceNamed(text: string): Space {
  const found = spaces.find((space) => space === text);
  if (found) return found;
  const near = nearest(text, spaces);
  throw new AttarError(
    "unknown-option",
    `unknown units "${text}"`,
    near ? `did you mean --space ${near}?` : `units: ${spaces.join(", ")}`,
  );
}

function ownUnits({ mean, std }: ImportFlags) {
  if (mean === undefined && std === undefined) return undefined;
  if (mean === undefined || std === undefined)
    throw new AttarError("bad-option", "--mean and --std go together", "for example --mean 0.1307 --std 0.3081");
  return { mean: numbersOf("--mean", mean), std: numbersOf("--std", std) };
}

function numbersOf(option: string, text: string): number[] {
  const values = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (values.every((v) => Number.isFinite(v))) return values;
  throw new AttarError(
    "bad-option",
    `${option} takes numbers joined by commas, got "${text}"`,
    `for example ${option} 0,1`,
  );
}
