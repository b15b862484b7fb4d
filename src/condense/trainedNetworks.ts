import {
  type ArtefactSpec,
  type ArtefactStore,
  experts,
  openOrder,
  openTeachers,
  teacher,
} from "../artefacts/index.ts";
import type { Dataset } from "../data/dataset.ts";
import type { RealReader } from "../data/reader.ts";
import { countOf } from "../data/samples.ts";
import { type ExpertRequest, type Feed, sourceNamed, type TeacherRequest } from "../hypotheses/index.ts";
import { strategyFor } from "../tricks/index.ts";
import type { Configuration } from "./configuration.ts";
import { encoderArtefact } from "./fittedEncoder.ts";

/** The settings of a configuration that a request for trained networks takes. */
type Run = Pick<Configuration, "seed" | "matching">;

/** The order of experts that a run's source asks for. */
function expertOrder(dataset: Dataset, { seed }: Run, { recipe, augmented, images, ...request }: ExpertRequest) {
  const all = countOf(dataset, "train");
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

/** The artefacts that a run opens, in the order that it opens them. */
export async function artefactsOf(dataset: Dataset, configuration: Configuration): Promise<readonly ArtefactSpec[]> {
  const { hypotheses, network } = configuration;
  const needs = sourceNamed(hypotheses.name).needs?.(hypotheses.options, network);
  const needed: ArtefactSpec[] = [];
  const encoder = await encoderArtefact(dataset, configuration);
  if (encoder) needed.push(encoder);
  if (needs?.experts) needed.push(experts.spec(dataset, expertOrder(dataset, configuration, needs.experts)));
  if (needs?.teachers) needed.push(teacher.spec(dataset, teacherOrder(configuration, needs.teachers)));
  return needed;
}
