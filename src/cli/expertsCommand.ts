import { type ExpertEntry, scanExperts, trainExperts } from "../artefacts/node/experts.node.ts";
import { namePart } from "../data/index.ts";
import { AttarError } from "../engine/errors.ts";
import { networkText, parseNetwork } from "../hypotheses/index.ts";
import { type DatasetFlags, isPictureSize, logGuesses, readOptionsOf } from "./datasetOptions.ts";
import { interruptible } from "./interruptible.ts";
import { loadDataset } from "./loadDataset.ts";
import { figure } from "./numbers.ts";
import { log, type OutputOptions, print, printJson, table } from "./output.ts";
import { parseAdversary } from "./parseAdversary.ts";
import { Progress } from "./progress.ts";
import { wholeNumber } from "./wholeNumber.ts";

export interface ExpertsFlags extends OutputOptions, Omit<DatasetFlags, "images"> {
  net: string;
  count: number;
  epochs?: number;
  images?: readonly string[];
  seed: number;
  augmentation?: string;
  adversarial?: string;
  out?: string;
  list?: boolean;
}

/** `attar experts <dataset>`: trains what is missing, then lists the folder; with `--list` it lists alone. */
export async function expertsCommand(name: string, flags: ExpertsFlags): Promise<void> {
  const network = parseNetwork(flags.net);
  const folder = flags.out ?? expertsFolder(name, networkText(network), flags.seed);
  const entries = flags.list ? await list(folder, flags) : await train(name, folder, flags);
  if (entries.length === 0)
    throw new AttarError(
      "absent-file",
      `there are no finished experts in ${folder}`,
      "the same command without --list trains them",
    );
  if (flags.json) printJson({ folder, experts: entries.map(summary) });
  else {
    log(folder, flags);
    print(
      table([
        ["expert", "epochs", "loss", "test accuracy"],
        ...entries.map(({ index, epochs, losses, accuracy }) => [
          String(index),
          String(epochs),
          losses.length > 0 ? figure(losses.at(-1)!, 3) : "-",
          accuracy === undefined ? "-" : `${(100 * accuracy).toFixed(2)} %`,
        ]),
      ]),
    );
  }
}

/** The experts that are whole; what is damaged is named on stderr. */
async function list(folder: string, flags: ExpertsFlags): Promise<readonly ExpertEntry[]> {
  const { experts, damaged } = await scanExperts(folder);
  for (const { error } of damaged) log(`${error.message}; without --list it is trained again`, flags);
  return experts;
}

async function train(name: string, folder: string, flags: ExpertsFlags): Promise<ExpertEntry[]> {
  const { count, epochs, seed, augmentation } = flags;
  const number = flags.images?.find((word) => !isPictureSize(word));
  const images = number === undefined ? undefined : wholeNumber("--images", 1)(number);
  const recipe = {
    ...(epochs !== undefined && { epochs }),
    ...(flags.adversarial !== undefined && { adversary: parseAdversary(flags.adversarial) }),
    ...(augmentation !== undefined && { augmentation: augmentation === "none" ? "" : augmentation }),
  };
  // Read before signals are listened for: one that comes meanwhile ends the process, however long a file takes.
  const size = flags.images?.find(isPictureSize);
  const dataset = await loadDataset(name, readOptionsOf({ ...flags, images: size }), flags);
  logGuesses(dataset, flags);
  return interruptible("stopping after this step", flags, async (signal) => {
    const progress = new Progress(flags);
    try {
      return await trainExperts(dataset, folder, {
        network: parseNetwork(flags.net),
        count,
        recipe,
        images,
        seed,
        signal,
        onWait: (note) => log(note, flags),
        onDamaged: (_path, error) => log(`${error.message}; it is trained again`, flags),
        onEpoch: (p) =>
          progress.show(
            p.expert * p.epochs + p.epoch,
            count * p.epochs,
            `expert ${p.expert}, loss ${figure(p.loss, 3)}`,
          ),
      });
    } finally {
      progress.end();
    }
  });
}

const summary = ({ path, index, epochs, losses, accuracy }: ExpertEntry) => ({
  path,
  index,
  epochs,
  loss: losses.at(-1) ?? null,
  accuracy: accuracy ?? null,
});

/** The folder in which `attar experts` keeps them unless told otherwise. */
export function expertsFolder(dataset: string, network: string, seed: number): string {
  return `runs/experts/${namePart(`${dataset}-${network}`)}-seed${seed}`;
}
