import type { Dataset } from "../../data/dataset.ts";
import { AttarError, currentRuntime, type Runtime } from "../../engine/index.ts";
import { shellWord } from "../../engine/shellWord.ts";
import {
  type Experts,
  expertRecipe,
  type NetworkSpec,
  parseNetwork,
  type Recipe,
  resolveNetwork,
} from "../../hypotheses/index.ts";
import { strategyFor } from "../../tricks/index.ts";
import type { Identity } from "../artefact.ts";
import { experts, expertsOf, lossesOf } from "../experts.ts";
import { readMember } from "./artefactFile.node.ts";
import { type Entry, scanMembers } from "./artefactFolder.node.ts";
import { type MakeOptions, makeMembers } from "./makeMembers.node.ts";

/** The description of an expert in a folder, for which its parameters are not read. */
export interface ExpertEntry {
  readonly path: string;
  readonly index: number;
  readonly configuration: Identity;
  readonly epochs: number;
  /** Training loss of each epoch. */
  readonly losses: readonly number[];
  /** The accuracy on the test split after the last epoch; absent without one. */
  readonly accuracy?: number;
}

/** The finished experts of a folder, and those of its files that are damaged, each with the error that says how. */
export interface ExpertFolder {
  readonly experts: readonly ExpertEntry[];
  readonly damaged: readonly { readonly path: string; readonly error: AttarError }[];
}

export interface ExpertsOptions extends Pick<MakeOptions, "signal" | "onWait" | "onDamaged"> {
  /** Experts there shall be; those that are there already count. 20 when left out; the authors train 100. */
  readonly count?: number;
  /** The domain's own network when left out: of images, ConvNet-3 of width 128. */
  readonly network?: NetworkSpec;
  /** Changes to MTT's recipe; its augmentation is the field's for the dataset unless given. */
  readonly recipe?: Partial<Recipe>;
  /** Train on so many images drawn at random, the same for all experts; all when left out. */
  readonly images?: number;
  /** 0. */
  readonly seed?: number;
  /** The runtime in which they are trained; the process's own where left out. */
  readonly runtime?: Runtime;
  readonly onEpoch?: (progress: {
    readonly expert: number;
    readonly epoch: number;
    readonly epochs: number;
    readonly loss: number;
  }) => void;
  readonly onExpert?: (entry: ExpertEntry) => void;
}

/**
 * Trains expert trajectories of a dataset into a folder, one file an expert; see {@link makeMembers}.
 *
 * @returns all experts of the folder.
 * @throws AttarError "other-experts" where the folder holds experts of another configuration, "foreign-files" where one under
 * way would overwrite another program's file, "invalid-recipe", "unsupported-network", "diverged" (exit code 3), "interrupted"
 * (exit code 4).
 */
export async function trainExperts(
  dataset: Dataset,
  folder: string,
  options: ExpertsOptions = {},
): Promise<ExpertEntry[]> {
  const { count = 20, seed = 0, images, network = resolveNetwork(dataset.domain.network) } = options;
  const recipe: Recipe = { ...expertRecipe, augmentation: strategyFor(dataset), ...options.recipe };
  const { runtime = currentRuntime(), signal, onWait, onDamaged } = options;
  const spec = experts.spec(dataset, { network, images, recipe, seed, count });
  await makeMembers(spec, folder, {
    runtime,
    signal,
    onWait,
    onDamaged,
    onProgress: (expert, progress) => options.onEpoch?.({ expert, ...progress }),
    onMade: (entry) => options.onExpert?.(entryOf(entry)),
  });
  return listExperts(folder);
}

/** The finished experts of a folder in order of their number; none where there is no folder. Reads headers alone. */
export async function scanExperts(folder: string): Promise<ExpertFolder> {
  const { members, damaged } = await scanMembers(experts, folder);
  return { experts: members.map(entryOf), damaged };
}

/** The finished experts of a folder that are whole, going by their headers; see {@link scanExperts} for the others. */
export async function listExperts(folder: string): Promise<ExpertEntry[]> {
  return [...(await scanExperts(folder)).experts];
}

function entryOf({ path, index, identity, notes }: Entry): ExpertEntry {
  const { losses, accuracy } = lossesOf(notes, path);
  return {
    path,
    index,
    configuration: identity,
    epochs: losses.length,
    losses,
    ...(accuracy !== undefined && { accuracy }),
  };
}

/**
 * The finished experts of a folder, to draw segments from. A file is read and its hash checked when one of its states is
 * first asked for.
 *
 * @throws AttarError "no-experts" where there are none, "other-experts" where they are not of one configuration or of one length.
 */
export async function openExperts(folder: string): Promise<Experts & { readonly configuration: Identity }> {
  const { experts: entries, damaged } = await scanExperts(folder);
  const [first] = entries;
  if (!first && damaged[0]) throw damaged[0].error;
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
  const { configuration, epochs } = first;
  const order = { network: parseNetwork(String(configuration.network)), count: entries.length, recipe: { epochs } };
  return { configuration, ...expertsOf({ at: (index) => readMember(experts, entries[index]!.path) }, order) };
}
