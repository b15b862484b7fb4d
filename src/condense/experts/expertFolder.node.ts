import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { AttarError } from "../../engine/index.ts";
import { shellWord } from "../../engine/shellWord.ts";
import { type Experts, type Params, parseNetwork } from "../../hypotheses/index.ts";
import { damaged, type ExpertConfiguration, type StoredExpert } from "./expertContent.ts";
import { readDescription, readExpert } from "./expertFile.node.ts";

/** What a folder says about one of its experts without its parameters being read. */
export interface ExpertEntry {
  readonly path: string;
  readonly index: number;
  readonly configuration: ExpertConfiguration;
  readonly epochs: number;
  readonly losses: readonly number[];
  readonly accuracy?: number;
}

/** Name of a finished expert's file, and of one that still trains. */
export const expertName = (index: number) => `expert-${String(index).padStart(4, "0")}.safetensors`;
export const partName = (index: number) => `expert-${String(index).padStart(4, "0")}.part.safetensors`;

/** The finished experts of a folder, and those of its files that are damaged, each with the error that says how. */
export interface ExpertFolder {
  readonly experts: readonly ExpertEntry[];
  readonly damaged: readonly { readonly path: string; readonly error: AttarError }[];
}

/** The finished experts of a folder in order of their number; none where there is no folder. Reads headers alone. */
export async function scanExperts(folder: string): Promise<ExpertFolder> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const files = names.filter((name) => /^expert-\d+\.safetensors$/.test(name)).sort();
  const experts: ExpertEntry[] = [];
  const faults: ExpertFolder["damaged"][number][] = [];
  for (const name of files) {
    const path = join(folder, name);
    try {
      experts.push(await entry(path, name));
    } catch (error) {
      if (!(error instanceof AttarError)) throw error;
      faults.push({ path, error });
    }
  }
  return { experts, damaged: faults };
}

/** The finished experts of a folder that are whole, going by their headers; see {@link scanExperts} for the others. */
export async function listExperts(folder: string): Promise<ExpertEntry[]> {
  return [...(await scanExperts(folder)).experts];
}

async function entry(path: string, name: string): Promise<ExpertEntry> {
  const description = await readDescription(path);
  if (expertName(description.index) !== name) throw damaged(path, `says that it is expert ${description.index}`);
  const { network } = description.configuration;
  try {
    parseNetwork(network);
  } catch {
    throw damaged(path, `names a network that is not known, ${JSON.stringify(network)}`);
  }
  return { path, ...description, epochs: description.losses.length };
}

/** Experts held in memory at a time; methods draw them at random, and a file is some tens of megabytes. */
const held = 4;

/**
 * The finished experts of a folder, to draw segments from. A file is read and its hash checked when one of its states is
 * first asked for.
 *
 * @throws AttarError "no-experts" where there are none, "other-experts" where they are not of one configuration or of one length.
 */
export async function openExperts(folder: string): Promise<Experts & { readonly configuration: ExpertConfiguration }> {
  const { experts: entries, damaged: faults } = await scanExperts(folder);
  const [first] = entries;
  if (!first && faults[0]) throw faults[0].error;
  if (!first)
    throw new AttarError(
      "no-experts",
      `there are no expert trajectories in ${folder}`,
      `attar experts <dataset> --out ${shellWord(folder)}`,
    );
  const identity = JSON.stringify(first.configuration);
  const other = entries.find((e) => JSON.stringify(e.configuration) !== identity || e.epochs !== first.epochs);
  if (other)
    throw new AttarError(
      "other-experts",
      `${other.path} was trained otherwise than ${first.path}`,
      "Keep experts of one configuration to a folder.",
    );
  const read = new Map<number, Promise<StoredExpert>>();
  const expert = (index: number): Promise<StoredExpert> => {
    const { path } = entries[index]!;
    const loading = read.get(index) ?? readExpert(path);
    // Asked for last, forgotten last.
    read.delete(index);
    read.set(index, loading);
    loading.catch(() => read.delete(index));
    if (read.size > held) read.delete(read.keys().next().value!);
    return loading;
  };
  return {
    configuration: first.configuration,
    network: parseNetwork(first.configuration.network),
    count: entries.length,
    epochs: first.epochs,
    async at(index, epoch): Promise<Params> {
      const { states } = await expert(index);
      const state = states[epoch];
      if (!state) throw new RangeError(`${entries[index]!.path} has ${states.length - 1} epochs, not ${epoch}`);
      return state;
    },
  };
}
