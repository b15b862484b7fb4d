import { nn, type Array as Traced } from "@jax-js/jax";
import { type ArtefactStore, openTeachers } from "../artefacts/index.ts";
import type { DatasetFacts, RealReader } from "../data/reader.ts";
import { outputsOf } from "../data/valuesTarget.ts";
import { mapSamples, type Tensor } from "../engine/index.ts";
import {
  buildNetwork,
  fieldRecipe,
  type Params,
  parseNetwork,
  releaseNetwork,
  type TeacherRequest,
  type TracedParams,
} from "../hypotheses/index.ts";
import { type LabelValues, labelOptions } from "../synthetic/index.ts";
import type { Configuration } from "./configuration.ts";

/** The teacher that labels ask for: one network trained on all of T; undefined where they ask for none. */
export function teacherOfLabels(labels: LabelValues | undefined): TeacherRequest | undefined {
  const { teacher = labelOptions.teacher.default, teacherEpochs: epochs = labelOptions.teacherEpochs.default } =
    labels ?? {};
  if (teacher === "none") return undefined;
  return {
    network: parseNetwork(teacher),
    count: 1,
    images: Number.MAX_SAFE_INTEGER,
    recipe: { ...fieldRecipe, epochs, schedule: "constant" },
    augmented: false,
    everyEpoch: false,
  };
}

/** The order of that teacher in a run. */
export const orderOfLabels = (request: TeacherRequest, { seed }: Pick<Configuration, "seed">) => ({
  ...request,
  recipe: { ...request.recipe },
  seed,
});

/**
 * The labels that a network trained on T gives images: softmax of its outputs over the temperature (Su et al. 2024), one row an image. Of a
 * network with running statistics those of the images at hand.
 */
export class TeacherLabels {
  private taught: Promise<Params> | undefined;

  constructor(
    private readonly store: ArtefactStore,
    private readonly reader: Pick<RealReader, "fit">,
    private readonly facts: DatasetFacts,
    private readonly run: Pick<Configuration, "seed" | "labels">,
  ) {}

  /** [M, C, H, W] → [M, K]. */
  async of(images: Tensor): Promise<Tensor> {
    const { labels } = this.run;
    const request = teacherOfLabels(labels)!;
    this.taught ??= this.reader.fit({
      name: "the teacher of labels",
      on: async (dataset) => {
        const teachers = await openTeachers(this.store, dataset, orderOfLabels(request, this.run));
        const { params } = await teachers.at(0, request.recipe.epochs - 1);
        teachers.dispose?.();
        return params;
      },
    });
    const network = buildNetwork(request.network, this.facts.shape, outputsOf(this.facts));
    const { temperature = labelOptions.temperature.default } = labels!;
    const labelling = mapSamples(
      (params: TracedParams, x: Traced) => nn.softmax(network.logits(params, x).mul(1 / temperature), -1),
      `labels by ${network.spec.name}`,
    );
    try {
      return await labelling(await this.taught, images);
    } finally {
      labelling.dispose();
      releaseNetwork(network);
    }
  }
}
