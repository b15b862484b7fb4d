import { adversarialTraining } from "../attacks/index.ts";
import type { Dataset } from "../data/dataset.ts";
import { type DatasetInfo, infoOf } from "../data/datasetInfo.ts";
import { arrayShape } from "../data/domain.ts";
import { normaliseBatch } from "../data/normaliseBatch.ts";
import { readerOf } from "../data/reader.ts";
import { countOf } from "../data/samples.ts";
import { outputsOf } from "../data/valuesTarget.ts";
import { AttarError, type RandomKey, randomKey, type Tensor } from "../engine/index.ts";
import {
  accuracy,
  buildNetwork,
  checkNetworkServes,
  checkRecipe,
  type ExpertProgress,
  type Experts,
  type Network,
  type NetworkSpec,
  networkIdentity,
  type Recipe,
  recipeIdentity,
  releaseNetwork,
  type TrainingSet,
  trainExpert,
  trainingSetOf,
} from "../hypotheses/index.ts";
import { augmentBatch, parseAugmentation, parseStrategy } from "../tricks/index.ts";
import { checkAdversaryServes } from "./adversaryServes.ts";
import type { ArtefactRecord, ArtefactStore, Body, Identity, Maker, Member } from "./artefact.ts";
import { DamagedArtefact } from "./damaged.ts";
import { numbersIn, trajectoryOf, trajectoryTensors } from "./trajectory.ts";

/** Experts that are asked for; what is left out beside `images` is theirs to the byte. */
export interface ExpertOrder {
  readonly network: NetworkSpec;
  /** Training images they see, drawn at random, the same for all; all of them when left out. */
  readonly images?: number;
  /** The training; its augmentation is a strategy of operators, or empty. */
  readonly recipe: Recipe;
  readonly seed: number;
  readonly count: number;
}

/** Trajectories of networks trained on T (§5.1.3): parameters before the first epoch and after each one. */
export const experts: ArtefactRecord<Dataset, ExpertOrder> = {
  name: "experts",
  noun: "expert",
  title: "trajectories of networks trained on T",
  reference: "§5.1.3",
  options: {},
  format: "attar-expert",
  checkNotes: (notes, where) => void lossesOf(notes, where),
  check: (member) => void expertOf(member),
  spec(dataset, order) {
    const { recipe, seed, count } = order;
    const { network, images, identity } = resolvedOrder(dataset, order);
    const { epochs } = recipe;
    const key = randomKey(seed);
    return {
      kind: experts,
      identity,
      count,
      trainedImages: epochs * images,
      maker: () => makerOf(dataset, network.spec, images, recipe, key.fold("experts")),
      untrained(index) {
        const own = key.fold("untrained").fold(index);
        const states = Array.from({ length: epochs + 1 }, (_, epoch) => network.init(own.fold(epoch)));
        return bodyOf({ states, losses: new Array<number>(epochs).fill(0), optimizer: {} });
      },
    };
  },
};

/** An order held against the facts of a dataset: what the experts are, without making any. @throws AttarError as the spec does */
export function resolvedOrder(
  data: Dataset | DatasetInfo,
  { network: asked, recipe, seed, images: wanted }: Omit<ExpertOrder, "count">,
): { readonly network: Network; readonly images: number; readonly identity: Identity } {
  const info = infoOf(data);
  checkRecipe(recipe);
  checkAdversaryServes(info, recipe);
  checkNetworkServes(asked.name, info.domain.kind, (serving) => `--net ${serving}`);
  const network = buildNetwork(asked, arrayShape(info.domain), outputsOf(info));
  const all = info.counts.train.reduce((sum, count) => sum + count, 0);
  const images = wanted ?? all;
  if (!(images >= 1 && images <= all))
    throw new AttarError(
      "bad-option",
      `${info.name} has ${all} training images, not ${images}`,
      `ask for at most ${all}`,
    );
  const identity: Identity = {
    dataset: info.name,
    checksum: info.checksum,
    normalisation: info.normalisation,
    ...networkIdentity(network.spec),
    seed,
    images,
    recipe: recipeIdentity(recipe),
  };
  return { network, images, identity };
}

/** The experts of an order out of a store. */
export async function openOrder(store: ArtefactStore, dataset: Dataset, order: ExpertOrder): Promise<Experts> {
  const members = await store.open(experts.spec(dataset, order));
  return { ...expertsOf(members, order), dispose: () => members.dispose?.() };
}

/** Experts whose parameters are held in memory at a time; methods draw them at random, and one is some tens of megabytes. */
const held = 4;

/** Members as trajectories to draw segments from. */
export function expertsOf(
  members: { at(index: number): Promise<Member> },
  { network, count, recipe }: Pick<ExpertOrder, "network" | "count"> & { readonly recipe: Pick<Recipe, "epochs"> },
): Experts {
  const read = new Map<number, Promise<ExpertProgress>>();
  const expert = (index: number): Promise<ExpertProgress> => {
    const loading = read.get(index) ?? members.at(index).then(expertOf);
    // Asked for last, forgotten last.
    read.delete(index);
    read.set(index, loading);
    loading.catch(() => read.delete(index));
    if (read.size > held) read.delete(read.keys().next().value!);
    return loading;
  };
  return {
    network,
    count,
    epochs: recipe.epochs,
    async at(index, epoch) {
      const { states } = await expert(index);
      const state = states[epoch];
      if (!state) throw new RangeError(`expert ${index} has ${states.length - 1} epochs, not ${epoch}`);
      return state;
    },
  };
}

function makerOf(dataset: Dataset, spec: NetworkSpec, images: number, recipe: Recipe, key: RandomKey): Maker {
  const network = buildNetwork(spec, dataset.shape, outputsOf(dataset));
  if (dataset.domain.kind === "table") parseAugmentation(recipe.augmentation, dataset);
  const operators = parseStrategy(recipe.augmentation);
  const augment =
    operators.length > 0 ? augmentBatch({ scheme: "siamese", operators }, dataset.shape) : (batch: Tensor) => batch;
  let set: Promise<TrainingSet> | undefined;
  return {
    async make(index, { from, signal, keep } = {}) {
      set ??= trainingSet(dataset, images, key);
      const { epochs } = recipe;
      const progress = await trainExpert(network, await set, recipe, key.fold(index), {
        augment,
        ...(recipe.adversary && { perturb: adversarialTraining(network, dataset.normalisation, recipe.adversary) }),
        signal,
        from: from && expertOf(from),
        onEpoch: (now) => keep?.(bodyOf(now), { epoch: now.losses.length, epochs, loss: now.losses.at(-1)! }),
      });
      return bodyOf({ ...progress, optimizer: {} });
    },
    async notes(body, signal): Promise<Body["notes"]> {
      if (dataset.test.labels.length === 0 || dataset.target) return {};
      const params = expertOf({ ...body, where: "an expert" }).states.at(-1)!;
      return { accuracy: String(await accuracy(network, { params }, testBatches(dataset), { signal })) };
    },
    dispose: () => releaseNetwork(network),
  };
}

async function trainingSet(dataset: Dataset, images: number, key: RandomKey): Promise<TrainingSet> {
  const all = countOf(dataset, "train");
  const rows = images < all ? { rows: key.fold("images").permutation(all, images).sort() } : {};
  return trainingSetOf(await readerOf(dataset).batch("training experts", rows));
}

async function* testBatches(dataset: Dataset) {
  const count = dataset.test.labels.length;
  for (let at = 0; at < count; at += 1000) {
    const ids = Array.from({ length: Math.min(1000, count - at) }, (_, i) => at + i);
    yield { images: await normaliseBatch(dataset, "test", ids), labels: dataset.test.labels.slice(at, at + 1000) };
  }
}

const bodyOf = ({ states, losses, optimizer }: ExpertProgress): Body => ({
  notes: { losses: JSON.stringify(losses) },
  tensors: trajectoryTensors({ states, beside: { optimizer } }),
});

/** @throws DamagedArtefact */
function expertOf(member: Pick<Member, "notes" | "tensors" | "where">): ExpertProgress {
  const { losses } = lossesOf(member.notes, member.where);
  const { states, beside } = trajectoryOf(experts, member, losses.length + 1, `${losses.length} epochs`);
  return { states, losses: [...losses], optimizer: beside.optimizer ?? {} };
}

/** The losses in an expert's notes: the training loss of each epoch, and the accuracy on the test split after the last one. */
export function lossesOf(
  { losses: list, accuracy: share }: Body["notes"],
  where: string,
): { readonly losses: readonly number[]; readonly accuracy?: number } {
  const losses = numbersIn(list);
  const reached = share === undefined ? undefined : Number(share);
  if (!losses || (reached !== undefined && !(reached >= 0 && reached <= 1)))
    throw new DamagedArtefact(experts, where, "does not describe an expert");
  return { losses, ...(reached !== undefined && { accuracy: reached }) };
}
