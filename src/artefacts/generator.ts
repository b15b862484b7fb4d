import type { Dataset } from "../data/dataset.ts";
import { type DatasetInfo, infoOf } from "../data/datasetInfo.ts";
import { readerOf } from "../data/reader.ts";
import { samplesOf } from "../data/samples.ts";
import { randomKey, type Tensor } from "../engine/index.ts";
import {
  type GeneratorProgress,
  type GeneratorRecipe,
  type GeneratorSpec,
  generatorGround,
  generatorRecipe,
  type HostedGenerator,
  hostedGenerator,
  type ImportedGenerator,
  isImported,
  makeGenerator,
  type Quality,
  qualityOf,
  trainedSpec,
  trainGenerator,
} from "../generators/index.ts";
import { paramsOf, tensorsOf } from "../views/pushForward/namedTensors.ts";
import type { ArtefactRecord, ArtefactSpec, ArtefactStore, Body, Identity, Member } from "./artefact.ts";
import { DamagedArtefact } from "./damaged.ts";
import { orDamaged } from "./file.ts";
import { awaited, given } from "./importedGenerator.ts";
import { trajectoryOf, trajectoryTensors } from "./trajectory.ts";

/** A generator that is asked for. */
export interface GeneratorOrder {
  readonly spec: GeneratorSpec;
  readonly recipe: GeneratorRecipe;
  readonly seed: number;
  /** Images of another data set, brought to the shape and normalisation of T, where the kind's codes are such; only to train it. */
  readonly domain?: () => Promise<Tensor>;
}

/** Generators trained on T (A.1): one member, its parameters by the names of its layers, its notes the quality it was found to have. */
export const generator: ArtefactRecord<Dataset, GeneratorOrder> = {
  name: "generator",
  noun: "generator",
  title: "generators trained on T",
  reference: "§5.2.1, A.1",
  options: {},
  format: "attar-generator-1",
  checkNotes: (notes, where) => void qualityIn(notes, where),
  check: () => {},
  spec(dataset, order) {
    const { recipe, seed } = order;
    // Trained and judged with the options of its sampling at their defaults, whoever asks first.
    const own = makeGenerator(trainedSpec(order.spec), generatorGround(dataset));
    const identity = resolvedGenerator(dataset, order);
    if (own.imported) return awaited(own, dataset, { kind: generator, identity });
    const key = randomKey(seed).fold("generator");
    const all = () => readerOf(dataset).batch("training a generator", {});
    return {
      kind: generator,
      identity,
      count: 1,
      trainedImages: recipe.steps * recipe.batch,
      maker: () => ({
        async make(_index, { from, signal, keep } = {}) {
          const learner = own.domain && order.domain ? own.domain.from(await order.domain()) : own;
          const params = await trainGenerator(learner, await all(), recipe, key, {
            signal,
            ...(from && { from: progressOf(from) }),
            keep: (now, loss) => keep?.(bodyOf(now), { epoch: now.step, epochs: recipe.steps, loss }),
          });
          return { notes: {}, tensors: tensorsOf(params) };
        },
        async notes({ tensors }, signal) {
          const hosted = hostedGenerator(own, paramsOf(tensors, own.shapes, "a generator"));
          try {
            return { quality: JSON.stringify(await judged(hosted, dataset, seed, signal)) };
          } finally {
            hosted.dispose();
          }
        },
        dispose() {},
      }),
      untrained: () => ({ notes: { standsIn: "true" }, tensors: tensorsOf(own.init(key.fold("untrained"))) }),
    };
  },
};

/** An order held against the facts of a dataset: what the generator is, without making it. @throws AttarError as resolving its spec does */
export function resolvedGenerator(data: Dataset | DatasetInfo, { spec, recipe, seed }: GeneratorOrder): Identity {
  const { name: dataset, checksum, normalisation } = infoOf(data);
  const { name, options } = trainedSpec(spec);
  // What is read from a file hangs on no seed and takes no steps.
  const made = isImported(name) ? { seed: 0, recipe: { steps: 0 } } : { seed, recipe: { ...recipe } };
  const entries = Object.entries(options).map(([option, value]) => [
    option,
    typeof value === "boolean" ? String(value) : value,
  ]);
  return {
    dataset,
    checksum,
    normalisation,
    generator: { name, ...Object.fromEntries(entries) },
    ...made,
  };
}

/**
 * The artefact of a generator that was trained elsewhere, made of the weights of a file; `origin` says in its notes where they are from.
 *
 * @param isJudged whether its samples are judged, which takes long of large models
 * @throws AttarError "bad-combination" where it does not suit the data
 */
export function importedArtefact(
  dataset: Dataset,
  { spec, params }: ImportedGenerator,
  origin: string,
  isJudged = true,
): ArtefactSpec {
  const own = makeGenerator(spec, generatorGround(dataset));
  const asked = generator.spec(dataset, { spec, recipe: generatorRecipe, seed: 0 });
  return given(asked, own, dataset, params, async ({ tensors }, signal): Promise<Record<string, string>> => {
    if (!isJudged) return { origin };
    const hosted = hostedGenerator(own, paramsOf(tensors, own.shapes, origin));
    try {
      return { origin, quality: JSON.stringify(await judged(hosted, dataset, 0, signal)) };
    } finally {
      hosted.dispose();
    }
  });
}

/** The quality of a generator of a dataset: against its test split, against the training split where there is none. */
async function judged(hosted: HostedGenerator, dataset: Dataset, seed: number, signal?: AbortSignal): Promise<Quality> {
  const held = dataset.test.labels.length > 0 && { held: await samplesOf(dataset, "test") };
  const training = await readerOf(dataset).batch("judging a generator", {});
  const key = randomKey(seed).fold("generator").fold("quality");
  return qualityOf(hosted, { training, ...held, kind: dataset.domain.kind }, key, signal);
}

/** A training under way as it is stored. */
const bodyOf = ({ step, state: { params, optimizer, averaged, critic } }: GeneratorProgress): Body => ({
  notes: { steps: String(step) },
  tensors: trajectoryTensors({
    states: [params],
    beside: {
      optimizer,
      ...(averaged && { averaged: { params: averaged } }),
      ...(critic && { critic: { params: critic.params, ...critic.optimizer } }),
    },
  }),
});

/** The inverse of {@link bodyOf}. @throws DamagedArtefact */
function progressOf(member: Member): GeneratorProgress {
  const { states, beside } = trajectoryOf(generator, member, 1, "one state");
  const { steps = "" } = member.notes;
  if (!/^\d+$/.test(steps))
    throw new DamagedArtefact(generator, member.where, "does not describe a training under way");
  const { params: critic, ...criticOptimizer } = beside.critic ?? {};
  const averaged = beside.averaged?.params;
  return {
    step: Number(steps),
    state: {
      params: states[0]!,
      optimizer: beside.optimizer ?? {},
      ...(averaged && { averaged }),
      ...(critic && { critic: { params: critic, optimizer: criticOptimizer } }),
    },
  };
}

/** The quality that a generator was found to have, by its notes; undefined where it was not judged. @throws DamagedArtefact */
export function qualityIn({ quality }: Body["notes"], where: string): Quality | undefined {
  if (quality === undefined) return undefined;
  try {
    const read: unknown = JSON.parse(quality);
    if (isQuality(read)) return read;
  } catch {
    // No JSON is no quality.
  }
  throw new DamagedArtefact(generator, where, "does not describe a generator's quality");
}

const isQuality = (read: unknown): read is Quality =>
  typeof read === "object" &&
  read !== null &&
  "fidelity" in read &&
  Object.values(read).every((entry) => typeof entry === "number" || entry === null);

/** A generator out of a store, with the quality it was found to have. */
export interface OpenedGenerator extends HostedGenerator {
  readonly quality: Quality | undefined;
  /** True of weights that stand in for trained ones. */
  readonly standsIn?: boolean;
}

/**
 * The generator of an order out of a store; one that is not trained needs none.
 *
 * @param wanted whether its quality must be known: it is judged now where its store did not
 * @throws AttarError "damaged-generator" (exit code 1), and as training one does
 */
export async function openGenerator(
  store: ArtefactStore,
  dataset: Dataset,
  order: GeneratorOrder,
  wanted = false,
): Promise<OpenedGenerator> {
  const own = makeGenerator(order.spec, generatorGround(dataset));
  if (!own.training && !own.imported)
    return { ...hostedGenerator(own, own.init(randomKey(order.seed))), quality: undefined };
  const members = await store.open(generator.spec(dataset, order));
  const { notes, tensors, where } = await members.at(0);
  const params = await orDamaged(generator, where, () => paramsOf(tensors, own.shapes, where));
  const hosted = hostedGenerator(own, params);
  const known = qualityIn(notes, where);
  const standsIn = notes.standsIn !== undefined;
  const judge = wanted && !known && !standsIn;
  return { ...hosted, standsIn, quality: judge ? await judged(hosted, dataset, order.seed) : known };
}
