import type { ArtefactStore } from "../artefacts/index.ts";
import { makeDataset } from "../data/browser.ts";
import { embeddingDomain } from "../data/domain.ts";
import { type RealReader, readerOf } from "../data/reader.ts";
import type { Tensor } from "../engine/index.ts";
import { type HostedGenerator, readLayers } from "../generators/index.ts";
import { oneHot, type Params, type TracedParams } from "../hypotheses/index.ts";
import type { DataSpace, TracedVariables, Variables } from "../synthetic/index.ts";
import type { Configuration } from "./configuration.ts";
import { type PushForward, pushForwardOf } from "./pushForward.ts";
import { codesOf, flatLength } from "./seenOptions.ts";
import { trainedGenerator } from "./trainedGenerator.ts";

/** T and S as a run sees them that looks at codes: h ∘ g_e on both sides (§4). */
export interface Seen {
  /** The reader of T's codes, which were encoded once. */
  readonly reader: RealReader;
  /** A data space whose decoded samples are codes: of S in the same generator's codes those themselves, of others g_e of its images. */
  space(own: DataSpace): DataSpace;
  /** What encoding loses on T. */
  readonly pushForward: PushForward;
}

/**
 * The world of codes that a configuration asks for: T is encoded by a generator's g_e, and with it everything that a run does with T.
 *
 * @param reader of T. @param store of the generator
 */
export async function seenThrough(
  reader: RealReader,
  configuration: Configuration,
  store: ArtefactStore,
): Promise<Seen | undefined> {
  const { seen, synthetic, seed } = configuration;
  if (!seen) return undefined;
  const { spec, steps } = codesOf(seen);
  const opened = await trainedGenerator(store, reader, { seed }, { spec, steps, judged: false });
  try {
    const { facts } = reader;
    const coded = await reader.fit({
      name: "codes of T",
      on: async (dataset) => {
        const { images, labels, values } = await readerOf(dataset).batch("codes of T", {});
        const { z } = await opened.encode(images, labels);
        const length = flatLength(z!);
        return makeDataset(
          {
            name: `${dataset.name} in codes`,
            domain: embeddingDomain(length),
            shape: [length, 1, 1],
            classes: dataset.classes,
            ...(dataset.target && { target: dataset.target }),
            train: {
              images: Float32Array.from(z!.data),
              labels,
              ...(values && { values: values.data as Float32Array }),
            },
            scale: 1,
            source: dataset.source,
          },
          "none",
        );
      },
    });
    return {
      reader: readerOf(coded),
      pushForward: await pushForwardOf(opened, reader),
      space: (own) =>
        synthetic.name === "latent" ? codesThemselves(own) : encoded(own, opened, reader, facts.classes.length),
    };
  } finally {
    opened.dispose();
  }
}

/** S in codes of the generator that it is seen through: its own z, with no decoder in the step. */
function codesThemselves(own: DataSpace): DataSpace {
  return {
    ...own,
    plain: false,
    decode({ z, ...unread }) {
      for (const unused of Object.values(unread)) unused.dispose();
      const [groups, each] = z!.shape as [number, number];
      return z!.reshape([groups, each, -1, 1, 1]);
    },
  };
}

const layerHead = "encoder.";
const labelsOfS = "encoder labels";

/** S as g_e of its images: the encoder's weights and S's labels are variables that never move. */
function encoded(
  own: DataSpace,
  { generator, params }: HostedGenerator,
  original: RealReader,
  classes: number,
): DataSpace {
  const { encode, reads } = generator.encoder!;
  const still = { perClass: false, rate: 0, frozen: true };
  const weights = flat(readLayers(params, reads));
  const labels = Int32Array.from({ length: classes * own.imagesPerClass }, (_, i) =>
    Math.floor(i / own.imagesPerClass),
  );
  return {
    ...own,
    plain: false,
    variables: {
      ...own.variables,
      ...Object.fromEntries(Object.keys(weights).map((name) => [name, still])),
      [labelsOfS]: { ...still, perClass: true },
    },
    initial: async (how, key, _reader, signal) => ({
      ...(await own.initial(how, key, original, signal)),
      ...weights,
      [labelsOfS]: oneHot(labels, classes),
    }),
    decode({ [labelsOfS]: targets, ...given }) {
      const variables: TracedVariables = {};
      const layers: TracedParams = {};
      for (const [name, t] of Object.entries(given))
        if (name in weights) {
          const [layer, part] = name.slice(layerHead.length).split(".") as [string, string];
          layers[layer] = { ...layers[layer], [part]: t };
        } else variables[name] = t;
      const images = own.decode(variables);
      const [groups, each] = images.shape as [number, number];
      const n = groups * each;
      const codes = encode(layers, images.reshape([n, ...images.shape.slice(2)]), targets!.reshape([n, classes]));
      const { z, ...unread } = codes;
      for (const unused of Object.values(unread)) unused.dispose();
      return z!.reshape([groups, each, -1, 1, 1]);
    },
    settle: (variables, renewed) => ({ ...variables, ...own.settle(variables, renewed) }),
  };
}

const flat = (params: Params): Variables =>
  Object.fromEntries(
    Object.entries(params).flatMap(([layer, own]) =>
      Object.entries(own).map(([name, t]): [string, Tensor] => [`${layerHead}${layer}.${name}`, t]),
    ),
  );
