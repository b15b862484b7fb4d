import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { badData } from "../../data/badData.ts";
import { cannotRead } from "../../data/node/readBytes.node.ts";
import { AttarError } from "../../engine/index.ts";
import { type Experts, type Params, parseNetwork } from "../../hypotheses/index.ts";
import { type ExpertConfiguration, readExpert, type StoredExpert } from "./expertFile.node.ts";

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

/** The finished experts of a folder in order of their number; none where there is no folder. Reads headers alone. */
export async function listExperts(folder: string): Promise<ExpertEntry[]> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const files = names.filter((name) => /^expert-\d+\.safetensors$/.test(name)).sort();
  return Promise.all(files.map((name) => entry(join(folder, name))));
}

async function entry(path: string): Promise<ExpertEntry> {
  const metadata = await metadataOf(path);
  if (metadata.format !== "attar-expert") throw badData(path, "is no expert", "attar experts writes them");
  const losses = JSON.parse(metadata.losses!) as number[];
  return {
    path,
    index: Number(metadata.index),
    configuration: JSON.parse(metadata.configuration!),
    epochs: losses.length,
    losses,
    ...(metadata.accuracy !== undefined && { accuracy: Number(metadata.accuracy) }),
  };
}

/** The metadata in the header of a .safetensors file. */
async function metadataOf(path: string): Promise<Readonly<Record<string, string>>> {
  try {
    const file = await open(path, "r");
    try {
      const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0);
      const length = Number(buffer.readBigUInt64LE());
      if (length > 1e7) throw badData(path, "its .safetensors header is too long for an expert's");
      const header = await file.read(Buffer.alloc(length), 0, length, 8);
      return JSON.parse(header.buffer.toString("utf8")).__metadata__ ?? {};
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof SyntaxError) throw badData(path, "its .safetensors header is not JSON");
    throw cannotRead(path, error);
  }
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
  const entries = await listExperts(folder);
  const [first] = entries;
  if (!first)
    throw new AttarError(
      "no-experts",
      `there are no expert trajectories in ${folder}`,
      `attar experts <dataset> --out ${folder}`,
    );
  const identity = JSON.stringify(first.configuration);
  const other = entries.find((e) => JSON.stringify(e.configuration) !== identity);
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
