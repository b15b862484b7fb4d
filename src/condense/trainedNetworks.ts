import {
  type ArtefactKindName,
  type ArtefactSpec,
  type ArtefactStore,
  experts,
  type Identity,
  openOrder,
  openTeachers,
  resolvedGenerator,
  resolvedOrder,
  resolvedTeachers,
  teacher,
} from "../artefacts/index.ts";
import type { Dataset } from "../data/dataset.ts";
import { type DatasetInfo, infoOf } from "../data/datasetInfo.ts";
import type { RealReader } from "../data/reader.ts";
import {
  type ExpertRequest,
  type Feed,
  networkIdentity,
  sourceNamed,
  type TeacherRequest,
} from "../hypotheses/index.ts";
import { encoderAsked } from "../synthetic/index.ts";
import { strategyFor } from "../tricks/index.ts";
import type { Configuration } from "./configuration.ts";
import { encoderArtefact } from "./fittedEncoder.ts";
import { orderOfLabels, teacherOfLabels } from "./teacherLabels.ts";
import { generatorArtefact, generatorOrder } from "./trainedGenerator.ts";

/** The settings of a configuration that a request for trained networks takes. */
type Run = Pick<Configuration, "seed" | "matching">;

/** The order of experts that a run's source asks for. */
function expertOrder(
  data: Dataset | DatasetInfo,
  { seed }: Run,
  { recipe, augmented, images, ...request }: ExpertRequest,
) {
  const dataset = infoOf(data);
  const all = samplesIn(dataset);
  const fewer = images !== undefined && images < all && { images };
  return { ...request, ...fewer, recipe: { ...recipe, augmentation: augmented ? strategyFor(dataset) : "" }, seed };
}

/** The order of teachers that a run's source asks for. */
function teacherOrder({ seed, matching }: Run, { recipe, augmented, ...request }: TeacherRequest) {
  const augmentation = augmented && matching !== "none" ? matching : "";
  return { ...request, recipe: { ...recipe, augmentation }, seed };
}

/** A store as sources of hypotheses ask it, for one run. */
export const trainedNetworks = (
  store: ArtefactStore,
  reader: Pick<RealReader, "fit">,
  run: Run,
): Required<Pick<Feed, "experts" | "teachers">> => ({
  experts: (request) =>
    reader.fit({
      name: "experts",
      on: (dataset) => openOrder(store, dataset, expertOrder(dataset, run, request)),
    }),
  teachers: (request) =>
    reader.fit({ name: "teachers", on: (dataset) => openTeachers(store, dataset, teacherOrder(run, request)) }),
});

const samplesIn = ({ counts }: DatasetInfo) => counts.train.reduce((sum, count) => sum + count, 0);

/** An artefact that a run opens, told from facts of its dataset alone. JSON-serialisable. */
export interface NeededArtefact {
  readonly kind: ArtefactKindName;
  /** All that determines its members; an encoder's is that of the whole training split, by the dataset's own checksum. */
  readonly identity: Identity;
  readonly count: number;
  /** Samples that the training of a member sees in all, repeated ones counted. */
  readonly trainedImages: number;
}

/** The same as {@link artefactsOf}, in its order, without a sample of the dataset. */
export function artefactsNeeded(info: DatasetInfo, configuration: Configuration): readonly NeededArtefact[] {
  const { hypotheses, network, selection, seed } = configuration;
  const needs = sourceNamed(hypotheses.name).needs?.(hypotheses.options, network);
  const needed: NeededArtefact[] = [];
  const spec = selection && encoderAsked(selection.options);
  if (spec) {
    const { name: dataset, checksum, normalisation } = info;
    const of = { dataset, checksum, normalisation, seed, recipe: {} };
    const identity = { ...of, encoder: { ...spec }, ...(spec.kind === "network" && networkIdentity(network)) };
    const epochs = "epochs" in spec ? spec.epochs : 0;
    needed.push({ kind: "encoder", identity, count: 1, trainedImages: epochs * samplesIn(info) });
  }
  const generator = generatorOrder(configuration);
  if (generator) {
    const { steps, batch } = generator.recipe;
    const identity = resolvedGenerator(info, generator);
    needed.push({ kind: "generator", identity, count: 1, trainedImages: steps * batch });
  }
  if (needs?.experts) {
    const order = expertOrder(info, configuration, needs.experts);
    const { images, identity } = resolvedOrder(info, order);
    needed.push({ kind: "experts", identity, count: order.count, trainedImages: order.recipe.epochs * images });
  }
  if (needs?.teachers) {
    const order = teacherOrder(configuration, needs.teachers);
    const { images, identity } = resolvedTeachers(info, order);
    needed.push({ kind: "teacher", identity, count: order.count, trainedImages: order.recipe.epochs * images });
  }
  const ofLabels = teacherOfLabels(configuration.labels);
  if (ofLabels) {
    const order = orderOfLabels(ofLabels, configuration);
    const { images, identity } = resolvedTeachers(info, order);
    needed.push({ kind: "teacher", identity, count: 1, trainedImages: order.recipe.epochs * images });
  }
  return needed;
}

/** The artefacts that a run opens, in the order that it opens them. */
export async function artefactsOf(dataset: Dataset, configuration: Configuration): Promise<readonly ArtefactSpec[]> {
  const { hypotheses, network } = configuration;
  const needs = sourceNamed(hypotheses.name).needs?.(hypotheses.options, network);
  const needed: ArtefactSpec[] = [];
  const encoder = await encoderArtefact(dataset, configuration);
  if (encoder) needed.push(encoder);
  const generator = generatorArtefact(dataset, configuration);
  if (generator) needed.push(generator);
  if (needs?.experts) needed.push(experts.spec(dataset, expertOrder(dataset, configuration, needs.experts)));
  if (needs?.teachers) needed.push(teacher.spec(dataset, teacherOrder(configuration, needs.teachers)));
  const ofLabels = teacherOfLabels(configuration.labels);
  if (ofLabels) needed.push(teacher.spec(dataset, orderOfLabels(ofLabels, configuration)));
  return needed;
}
