import type { Dataset } from "../../data/dataset.ts";
import { AttarError } from "../../engine/index.ts";
import {
  type Generator,
  generatorGround,
  hostedGenerator,
  type ImportedGenerator,
  makeGenerator,
  type Quality,
} from "../../generators/index.ts";
import { paramsOf } from "../../views/pushForward/namedTensors.ts";
import type { Identity } from "../artefact.ts";
import { orDamaged } from "../file.ts";
import { type GeneratorOrder, generator, importedArtefact, type OpenedGenerator, qualityIn } from "../generator.ts";
import { readMember } from "./artefactFile.node.ts";
import { type Entry, memberName, scanMembers } from "./artefactFolder.node.ts";
import { type MakeOptions, makeMembers } from "./makeMembers.node.ts";

/** The description of a generator in a folder, for which its parameters are not read. */
export interface GeneratorEntry {
  readonly path: string;
  readonly identity: Identity;
  readonly quality: Quality | undefined;
  /** The version of attar, the executor and its threads that trained it. */
  readonly by: string;
}

export interface TrainToFolderOptions extends Pick<MakeOptions, "runtime" | "signal" | "onWait" | "onDamaged"> {
  readonly onStep?: (step: number, steps: number, loss: number) => void;
}

/**
 * Trains a generator into a folder, where it is not there yet; one that was interrupted goes on. See {@link makeMembers}.
 *
 * @throws AttarError "other-generator" where the folder holds one of another configuration, "foreign-files", "diverged" (exit code 3),
 * "interrupted" (exit code 4), "untrained" for a kind that has nothing to train
 */
export async function trainGeneratorToFolder(
  dataset: Dataset,
  order: GeneratorOrder,
  folder: string,
  { onStep, ...options }: TrainToFolderOptions = {},
): Promise<OpenedGenerator> {
  const own = makeGenerator(order.spec, generatorGround(dataset));
  if (!own.training && !own.imported)
    throw new AttarError(
      "untrained",
      `the generator ${order.spec.name} has nothing to train`,
      "choose another, such as --kind cvae",
    );
  const onProgress: MakeOptions["onProgress"] = (_index, { epoch, epochs, loss }) => onStep?.(epoch, epochs, loss);
  await makeMembers(generator.spec(dataset, order), folder, { ...options, onProgress });
  return openedFrom(own, folder);
}

/**
 * Writes a generator that was trained elsewhere into a folder, where it is not there yet, and judges it.
 *
 * @param origin the file that its weights are from
 * @throws AttarError "other-generator" where the folder holds another one, "bad-combination" where it does not suit the data
 */
export async function importGeneratorToFolder(
  dataset: Dataset,
  imported: ImportedGenerator,
  origin: string,
  folder: string,
  options: Omit<TrainToFolderOptions, "onStep"> & { readonly isJudged?: boolean } = {},
): Promise<OpenedGenerator> {
  await makeMembers(importedArtefact(dataset, imported, origin, options.isJudged), folder, options);
  return openedFrom(makeGenerator(imported.spec, generatorGround(dataset)), folder);
}

async function openedFrom(own: Generator, folder: string): Promise<OpenedGenerator> {
  const { notes, tensors, where } = await readMember(generator, `${folder}/${memberName(generator, 0)}`);
  const params = await orDamaged(generator, where, () => paramsOf(tensors, own.shapes, where));
  return { ...hostedGenerator(own, params), quality: qualityIn(notes, where) };
}

/** The generators of a folder and those of its files that are damaged; none where there is no folder. Reads headers alone. */
export async function scanGenerators(folder: string) {
  const { members, damaged } = await scanMembers(generator, folder);
  return { generators: members.map(entryOf), damaged };
}

const entryOf = ({ path, identity, notes }: Entry): GeneratorEntry => ({
  path,
  identity,
  quality: qualityIn(notes, path),
  by: notes.by ?? "",
});
