import type { Dataset } from "../data/dataset.ts";
import { readerOf } from "../data/reader.ts";
import { AttarError, randomKey } from "../engine/index.ts";
import { type Generator, generatorText, hostedGenerator } from "../generators/index.ts";
import type { Params } from "../hypotheses/index.ts";
import { tensorsOf } from "../views/pushForward/namedTensors.ts";
import type { ArtefactSpec, Maker } from "./artefact.ts";

/** Training samples of which codes are taken to fit a prior, at most. */
const fitted = 2000;

type Kind = Pick<ArtefactSpec, "kind" | "identity">;

/** The artefact of a generator whose weights come from a file, as a run asks for it: there, or the run says how it is made. */
export function awaited(own: Generator, dataset: Dataset, of: Kind): ArtefactSpec {
  const { name } = own.spec;
  return {
    ...of,
    count: 1,
    trainedImages: 0,
    maker: () => ({
      async make() {
        throw new AttarError(
          "absent-generator",
          `the weights of ${generatorText(own.spec)} for ${dataset.name} have not been imported`,
          `attar generators ${dataset.name} --import weights.safetensors --family ${name}`,
        );
      },
      dispose() {},
    }),
    untrained: () => ({
      notes: { standsIn: "true" },
      tensors: tensorsOf(own.init(randomKey(0).fold("generator").fold("untrained"))),
    }),
  };
}

/**
 * The same with the weights of a file: a prior of codes of T is fitted where the model has an encoder and none of its own, to 2,000 samples of
 * the training split at most, drawn by a key that no seed changes.
 */
export function given(
  spec: ArtefactSpec,
  own: Generator,
  dataset: Dataset,
  params: Params,
  notes: NonNullable<Maker["notes"]>,
): ArtefactSpec {
  return {
    ...spec,
    maker: () => ({
      async make() {
        return { notes: {}, tensors: tensorsOf(await withPrior(own, dataset, params)) };
      },
      notes,
      dispose() {},
    }),
  };
}

async function withPrior(own: Generator, dataset: Dataset, params: Params): Promise<Params> {
  const fit = own.imported?.fitPrior;
  if (!fit) return params;
  const key = randomKey(0).fold("generator").fold("prior");
  const reader = readerOf(dataset);
  const there = reader.sizes.reduce((sum, own) => sum + own, 0);
  const count = Math.min(fitted, there);
  const { images, labels } = await reader.batch("fitting a generator's prior", { count, key });
  const hosted = hostedGenerator(own, { ...own.init(key), ...params });
  try {
    return fit(params, await hosted.encode(images, labels), labels);
  } finally {
    hosted.dispose();
  }
}
