import { adversarialTraining } from "../attacks/index.ts";
import type { Dataset } from "../data/dataset.ts";
import { type DatasetInfo, infoOf } from "../data/datasetInfo.ts";
import { arrayShape } from "../data/domain.ts";
import { readerOf } from "../data/reader.ts";
import { outputsOf } from "../data/valuesTarget.ts";
import { type RandomKey, randomKey } from "../engine/index.ts";
import {
  buildNetwork,
  checkNetworkServes,
  checkRecipe,
  type Network,
  type NetworkSpec,
  networkIdentity,
  type Params,
  type Recipe,
  recipeIdentity,
  releaseNetwork,
  type Teachers,
  train,
  trainingSetOf,
} from "../hypotheses/index.ts";
import { augmentBatch, parseAugmentation } from "../tricks/index.ts";
import { checkAdversaryServes } from "./adversaryServes.ts";
import type { ArtefactRecord, ArtefactStore, Body, Identity, Maker, Member } from "./artefact.ts";
import { DamagedArtefact } from "./damaged.ts";
import { numbersIn, trajectoryOf, trajectoryTensors } from "./trajectory.ts";

/** Teachers that are asked for. */
export interface TeacherOrder {
  readonly network: NetworkSpec;
  /** Random training images that each one sees, its own; all of them where there are no more. */
  readonly images: number;
  /** The training; its augmentation is one with its scheme, as a method's configuration writes it, or empty. */
  readonly recipe: Recipe;
  readonly seed: number;
  readonly count: number;
  /** True where parameters are kept after every epoch, false where after the last one alone. */
  readonly everyEpoch: boolean;
}

/** Networks trained on T to be hypotheses or to label (§5.1.4, §5.3.1): each from its own start on its own draw of images. */
export const teacher: ArtefactRecord<Dataset, TeacherOrder> = {
  name: "teacher",
  noun: "teacher",
  title: "networks trained on T",
  reference: "§5.1.4, §5.3.1",
  options: {},
  format: "attar-teacher",
  checkNotes: (notes, where) => void passesOf(notes, where),
  check: (member) => void teacherOf(member),
  spec(dataset, order) {
    const { recipe, seed, count, everyEpoch } = order;
    const { network, images, identity } = resolvedTeachers(dataset, order);
    const key = randomKey(seed);
    return {
      kind: teacher,
      identity,
      count,
      trainedImages: recipe.epochs * images,
      maker: () => makerOf(dataset, network.spec, images, recipe, everyEpoch, key.fold("pool").fold("training")),
      untrained(index) {
        const { epochs } = recipe;
        const own = key.fold("untrained").fold(index);
        const states = Array.from({ length: everyEpoch ? epochs : 1 }, (_, epoch) => network.init(own.fold(epoch)));
        const none = new Array<number>(epochs).fill(0);
        return bodyOf({ states, losses: none, accuracies: none });
      },
    };
  },
};

/** An order held against the facts of a dataset: what the teachers are, without making any. @throws AttarError as the spec does */
export function resolvedTeachers(
  data: Dataset | DatasetInfo,
  { network: asked, recipe, seed, images: wanted, everyEpoch }: Omit<TeacherOrder, "count">,
): { readonly network: Network; readonly images: number; readonly identity: Identity } {
  const info = infoOf(data);
  checkRecipe(recipe);
  checkAdversaryServes(info, recipe);
  checkNetworkServes(asked.name, info.domain.kind, (serving) => `--net ${serving}`);
  const network = buildNetwork(asked, arrayShape(info.domain), outputsOf(info));
  const images = Math.min(
    wanted,
    info.counts.train.reduce((sum, count) => sum + count, 0),
  );
  const identity: Identity = {
    dataset: info.name,
    checksum: info.checksum,
    normalisation: info.normalisation,
    ...networkIdentity(network.spec),
    seed,
    images,
    kept: everyEpoch ? "every epoch" : "last epoch",
    recipe: recipeIdentity(recipe),
  };
  return { network, images, identity };
}

/** The teachers of an order out of a store. */
export async function openTeachers(store: ArtefactStore, dataset: Dataset, order: TeacherOrder): Promise<Teachers> {
  const members = await store.open(teacher.spec(dataset, order));
  return {
    async at(index, epoch) {
      const { states, accuracies } = teacherOf(await members.at(index));
      const params = states[epoch - (accuracies.length - states.length)];
      if (!params) throw new RangeError(`teacher ${index} was not kept as it was after epoch ${epoch}`);
      return { params, accuracy: Math.fround(accuracies[epoch]!) };
    },
    dispose: () => members.dispose?.(),
  };
}

/** A teacher, or one under way. */
interface Taught {
  /** Parameters after those epochs that are kept, the last one's last. */
  readonly states: readonly Params[];
  readonly losses: readonly number[];
  /** Shares of its images classified correctly, by epoch. */
  readonly accuracies: readonly number[];
  /** The state that the next epoch depends on beside the last parameters; only of one under way. */
  readonly optimizer?: Readonly<Record<string, Params>>;
  readonly statistics?: Params;
}

function makerOf(
  dataset: Dataset,
  spec: NetworkSpec,
  images: number,
  recipe: Recipe,
  everyEpoch: boolean,
  key: RandomKey,
): Maker {
  const network = buildNetwork(spec, dataset.shape, outputsOf(dataset));
  const augmentation = recipe.augmentation === "" ? undefined : parseAugmentation(recipe.augmentation, dataset);
  const { labels } = dataset.train;
  return {
    async make(index, { from, signal, keep } = {}) {
      const own = key.fold(index);
      const rows = own.fold("set").permutation(labels.length, images);
      const set = trainingSetOf(await readerOf(dataset).batch("training teachers", { rows }));
      const begun = from && teacherOf(from);
      const states = [...(begun?.states ?? [])];
      const [losses, accuracies] = [[...(begun?.losses ?? [])], [...(begun?.accuracies ?? [])]];
      await train(network, set, recipe, own, {
        signal,
        ...(augmentation && { augment: augmentBatch(augmentation, dataset.shape) }),
        ...(recipe.adversary && { perturb: adversarialTraining(network, dataset.normalisation, recipe.adversary) }),
        ...(begun && {
          firstPass: losses.length,
          from: {
            params: states.at(-1)!,
            optimizer: begun.optimizer ?? {},
            statistics: begun.statistics ?? {},
          },
        }),
        async onPass(_pass, loss, { params, optimizer, statistics }, share) {
          if (!everyEpoch) states.pop();
          states.push(params);
          losses.push(loss);
          accuracies.push(share);
          const part = bodyOf({ states, losses, accuracies, optimizer, statistics });
          await keep?.(part, { epoch: losses.length, epochs: recipe.epochs, loss });
        },
      });
      return bodyOf({ states, losses, accuracies });
    },
    dispose: () => releaseNetwork(network),
  };
}

const bodyOf = ({ states, losses, accuracies, optimizer = {}, statistics = {} }: Taught): Body => ({
  notes: { losses: JSON.stringify(losses), accuracies: JSON.stringify(accuracies), states: String(states.length) },
  tensors: trajectoryTensors({ states, beside: { optimizer, statistics: { running: statistics } } }),
});

/** @throws DamagedArtefact */
function teacherOf(member: Pick<Member, "notes" | "tensors" | "where">): Taught {
  const { losses, accuracies, kept } = passesOf(member.notes, member.where);
  const { states, beside } = trajectoryOf(teacher, member, kept, `${losses.length} epochs`);
  return { states, losses, accuracies, optimizer: beside.optimizer, statistics: beside.statistics?.running };
}

function passesOf(notes: Body["notes"], where: string) {
  const [losses, accuracies] = [numbersIn(notes.losses), numbersIn(notes.accuracies)];
  const kept = Number(notes.states);
  if (!losses || losses.length !== accuracies?.length || ![1, losses.length].includes(kept))
    throw new DamagedArtefact(teacher, where, "does not describe a teacher");
  return { losses, accuracies, kept };
}
