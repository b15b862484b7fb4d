import type { ArtefactStore } from "../artefacts/index.ts";
import type { RealReader } from "../data/reader.ts";
import { type Feed, trainingSetOf } from "../hypotheses/index.ts";
import type { Variables } from "../synthetic/index.ts";
import { augmentBatch, cutMix } from "../tricks/index.ts";
import { classesOfImages, labelsName, type Setup } from "./setup.ts";
import { trainedNetworks } from "./trainedNetworks.ts";

/** What a source of hypotheses can train on or draw from while S is what `variables` say. */
export function feedOf(parts: Setup, reader: RealReader, artefacts: ArtefactStore, variables: Variables): Feed {
  const { augmentation, decoding, labels, space } = parts;
  return {
    real: async (count, key) => trainingSetOf(await reader.batch("training networks between steps", { count, key })),
    synthetic: async () => ({
      images: await decoding.images(variables),
      ...(labels.learned
        ? { labels: labels.published(variables[labelsName]!), loss: labels.loss }
        : { labels: classesOfImages(parts) }),
    }),
    ...(space.drawn !== undefined && {
      drawn: async (key) => ({
        images: await decoding.images(space.draws!(variables, space.drawn!, key)),
        labels: Int32Array.from({ length: reader.facts.classes.length * space.drawn! }, (_, i) =>
          Math.floor(i / space.drawn!),
        ),
      }),
    }),
    ...(augmentation && { augment: augmentBatch(augmentation, reader.facts.shape) }),
    ...trainedNetworks(artefacts, reader, parts.configuration),
    mix: cutMix,
  };
}
