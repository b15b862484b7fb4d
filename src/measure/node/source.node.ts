import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { inUnitsOf } from "../../data/changeOfUnits.ts";
import { parseCondensed } from "../../data/condensedSet.ts";
import type { Dataset, Normalisation } from "../../data/dataset.ts";
import { infoOf } from "../../data/datasetInfo.ts";
import { parseSafetensors } from "../../data/formats/safetensors.ts";
import { load, readRaw } from "../../data/index.ts";
import { knownDataset, knownDatasets } from "../../data/knownDatasets.ts";
import { type ReadOptions, readOptionWords } from "../../data/readOptions.ts";
import { countOf, samplesOf } from "../../data/samples.ts";
import type { EmpiricalMeasure } from "../../discrepancies/discrepancy.ts";
import { rowsOf } from "../../discrepancies/measures/index.ts";
import { AttarError, randomKey, Tensor } from "../../engine/index.ts";
import { shellWord } from "../../engine/shellWord.ts";
import { selectCoreset } from "../../synthetic/select.ts";
import { withNoise, withPermutedLabels } from "../change.ts";
import { latentFormat, parseLatent } from "../latentSet.ts";
import { renormalise } from "../renormalise.ts";
import { parseSubject, type Subject } from "../subject.ts";

/** A side before its values are made: what must be known to choose one normalisation for both. */
export interface Source {
  readonly name: string;
  /** The normalisation it comes in; absent for codes, which have none. */
  readonly normalisation?: Normalisation;
  /** The points of the side under a normalisation: images, or codes as they are. */
  points(target: Normalisation | undefined): Promise<EmpiricalMeasure>;
}

/**
 * Opens both sides. A coreset `random:10` is of the other side's dataset: the one it names, or the one its condensed set
 * was made from.
 *
 * @param seed of halves, coresets, noise and permutations
 * @throws AttarError "bad-subject", "interrupted", and as `load` does
 */
export async function openBoth(
  a: string,
  b: string,
  seed: number,
  { reading = {}, onDataset, signal }: Reading = {},
): Promise<[Source, Source]> {
  const [first, second] = [parseSubject(a, existsSync), parseSubject(b, existsSync)];
  if (first.base === undefined && second.base === undefined)
    throw new AttarError(
      "bad-subject",
      `neither ${a} nor ${b} names a dataset to choose from`,
      `for example attar measure mnist ${shellWord(b)}`,
    );
  const datasets = new Map<string, Promise<Dataset>>();
  const loaded = (name: string) => {
    const found = datasets.get(name) ?? opened(name, reading, onDataset);
    datasets.set(name, found);
    return found;
  };
  const datasetOf = async (subject: Subject): Promise<string> => {
    const { base } = subject;
    const file = base === undefined ? undefined : condensedFile(base);
    if (!file) return base!;
    const { metadata } = parseSafetensors(await readRaw(file), file);
    if (metadata.dataset === undefined)
      throw new AttarError(
        "bad-subject",
        `${base} does not say which dataset it stands for`,
        "name the dataset of the coreset, for example mnist/random:10",
      );
    return metadata.dataset;
  };
  const open = async (subject: Subject, other: Subject) => {
    const named = subject.base === undefined ? { ...subject, base: await datasetOf(other) } : subject;
    return named.coreset || !condensedFile(named.base!)
      ? dataset(named, await loaded(named.base!), seed, signal)
      : stored(named, condensedFile(named.base!)!, seed, loaded);
  };
  const both: [Source, Source] = [await open(first, second), await open(second, first)];
  const words = readOptionWords(reading);
  if (words.length > 0 && [...datasets.keys()].every((name) => knownDataset(name)))
    throw new AttarError(
      "bad-option",
      `${words[0]} says how a file is read, and neither ${a} nor ${b} is one that it applies to`,
      `leave ${words.join(" ")} out`,
    );
  return both;
}

/**
 * The circumstances of reading: options for datasets given by path, who is told of them, and what ends the choice of a
 * coreset.
 */
interface Reading {
  readonly reading?: ReadOptions;
  readonly onDataset?: (dataset: Dataset) => void;
  readonly signal?: AbortSignal;
}

async function opened(name: string, reading: ReadOptions, onDataset: Reading["onDataset"]): Promise<Dataset> {
  const dataset = await load(name, knownDataset(name) ? {} : reading);
  onDataset?.(dataset);
  return dataset;
}

/** The file of a run folder, or the .safetensors file itself where it is no dataset of arrays; undefined for a dataset. */
function condensedFile(base: string): string | undefined {
  if (knownDatasets.some(({ name }) => name === base) || !existsSync(base)) return undefined;
  if (!statSync(base).isDirectory()) return /\.safetensors$/i.test(base) ? base : undefined;
  const file = join(base, "condensed.safetensors");
  if (existsSync(file)) return file;
  if (existsSync(join(base, "checkpoint")))
    throw new AttarError(
      "unfinished-run",
      `${base} has no condensed.safetensors: the run is not finished`,
      "continue it: the attar condense command it was made with, and --resume",
    );
  return undefined;
}

async function stored(
  subject: Subject,
  file: string,
  seed: number,
  loaded: (name: string) => Promise<Dataset>,
): Promise<Source> {
  const bytes = await readRaw(file);
  const content = parseSafetensors(bytes, file);
  const { text: name } = subject;
  if (content.metadata.format === undefined) return dataset(subject, await loaded(subject.base!), seed);
  if (subject.half || subject.split === "test")
    throw new AttarError("bad-subject", `${name}: a condensed set has no splits or halves`, `use ${subject.base}`);
  if (content.metadata.format === latentFormat) {
    const { codes, labels, classes } = parseLatent(content, file);
    const measure = { name, points: codes, labels, classes };
    return { name, points: async () => finished(measure, subject, seed) };
  }
  const set = parseCondensed(bytes, file);
  return {
    name,
    normalisation: set.normalisation,
    async points(target) {
      const to = target ?? set.normalisation;
      const images = renormalise(set.images, set.shape, set.normalisation, to, [name, "the other side"]);
      const points = new Tensor(images, [set.labels.length, ...set.shape], "float32");
      return finished({ name, points, labels: set.labels, classes: set.classes }, subject, seed);
    },
  };
}

async function dataset(subject: Subject, found: Dataset, seed: number, signal?: AbortSignal): Promise<Source> {
  const { text: name, split } = subject;
  const rows = await positions(subject, found, seed, signal);
  return {
    name,
    normalisation: found.normalisation,
    async points(target) {
      const { normalisation: own, shape } = found;
      const normalisation = target ? inUnitsOf(target, own, shape, [name, "the other side"]) : own;
      const { images: points, labels } = await samplesOf({ ...found, normalisation }, split, rows);
      return finished({ name, points, labels, classes: found.classes }, { ...subject, range: undefined }, seed);
    },
  };
}

/** Positions in the split, or undefined for all of it. */
async function positions(
  subject: Subject,
  found: Dataset,
  seed: number,
  signal?: AbortSignal,
): Promise<ArrayLike<number> | undefined> {
  const { text, split, half, coreset, range } = subject;
  const count = countOf(found, split);
  if (count === 0)
    throw new AttarError("bad-subject", `${text}: ${found.name} has no ${split} split`, `use ${subject.base}:train`);
  let rows: ArrayLike<number> | undefined;
  if (half) {
    const order = randomKey(half.seed ?? seed)
      .fold("halves")
      .permutation(count);
    const middle = count >> 1;
    rows = (half.which === 1 ? order.subarray(0, middle) : order.subarray(middle)).sort();
  }
  if (coreset) rows = await chosen(found, coreset, text, seed, signal);
  if (!range) return rows;
  const all = rows ?? Uint32Array.from({ length: count }, (_, i) => i);
  return within(range, Array.from(all), text);
}

/** The coreset that `attar evaluate` stands beside a set under this seed. */
async function chosen(
  found: Dataset,
  { rule, ipc }: NonNullable<Subject["coreset"]>,
  text: string,
  seed: number,
  signal?: AbortSignal,
): Promise<number[]> {
  const smallest = Math.min(...infoOf(found).counts.train);
  if (ipc > smallest)
    throw new AttarError(
      "ipc-too-large",
      `${text} wants ${ipc} images of every class, and a class of ${found.name} has ${smallest}`,
      `use ${rule}:${smallest} or less`,
    );
  return selectCoreset(found, rule, ipc, randomKey(seed).fold("baseline"), signal);
}

function within<T>({ from, to }: NonNullable<Subject["range"]>, all: readonly T[], text: string): T[] {
  if (from >= all.length || (to ?? 0) > all.length)
    throw new AttarError(
      "bad-subject",
      `${text}: its range leaves the ${all.length} samples there are`,
      `use a range within [0:${all.length}]`,
    );
  return all.slice(from, to);
}

/** Ranges of stored sets, noise and permutations. */
function finished(measure: EmpiricalMeasure, { range, changes, text }: Subject, seed: number): EmpiricalMeasure {
  const all = Array.from(measure.labels, (_, i) => i);
  let out = range ? rowsOf(measure, within(range, all, text)) : measure;
  for (const [i, change] of changes.entries()) {
    const key = randomKey(seed).fold("changes").fold(i);
    if (change.kind === "noise") out = withNoise(out, change.deviation, key);
    else out = withPermutedLabels(out, key);
  }
  return out;
}
