import {
  type ArtefactSpec,
  type ArtefactStore,
  type GeneratorOrder,
  generator,
  type OpenedGenerator,
  openGenerator,
} from "../artefacts/index.ts";
import type { Dataset } from "../data/dataset.ts";
import type { RealReader } from "../data/reader.ts";
import { recipeOf } from "../generators/index.ts";
import { type GeneratorRequest, generatorAsked } from "../synthetic/index.ts";
import type { Configuration } from "./configuration.ts";

type Run = Pick<Configuration, "seed">;

const orderOf = ({ spec, steps }: GeneratorRequest, { seed }: Run) => ({
  spec,
  recipe: { ...recipeOf(spec.name), steps },
  seed,
});

/** A generator trained on the training split, out of a store: the artefact that `attar generators` keeps as well. */
export const trainedGenerator = (
  store: ArtefactStore,
  reader: Pick<RealReader, "fit">,
  run: Run,
  request: GeneratorRequest,
): Promise<OpenedGenerator> =>
  reader.fit({
    name: "a generator",
    on: (dataset) => openGenerator(store, dataset, orderOf(request, run), request.judged),
  });

/** The order of the generator in whose codes S lives or is seen; undefined where there is none, or the identity, which is not trained. */
export function generatorOrder({
  synthetic,
  seen,
  seed,
}: Pick<Configuration, "synthetic" | "seen" | "seed">): GeneratorOrder | undefined {
  const { generator: kind, steps } = synthetic.name === "latent" || !seen ? synthetic.options : { ...seen };
  if ((synthetic.name !== "latent" && !seen) || typeof kind !== "string") return undefined;
  const request = generatorAsked({ generator: kind, steps: Number(steps), fidelity: 0 });
  return request.spec.name === "identity" ? undefined : orderOf(request, { seed });
}

/** The same as the artefact that a run opens. */
export function generatorArtefact(
  dataset: Dataset,
  configuration: Pick<Configuration, "synthetic" | "seen" | "seed">,
): ArtefactSpec | undefined {
  const order = generatorOrder(configuration);
  return order && generator.spec(dataset, order);
}
