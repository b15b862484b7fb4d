import {
  type ArtefactSpec,
  type ArtefactStore,
  type EncoderSource,
  encoder,
  openEncoder,
  setChecksum,
} from "../artefacts/index.ts";
import { inPlainUnits } from "../data/changeOfUnits.ts";
import type { Dataset } from "../data/dataset.ts";
import { type RealReader, readerOf } from "../data/reader.ts";
import { encoderAsked, type FittedSpec } from "../synthetic/index.ts";
import type { Encoder } from "../views/pushForward/index.ts";
import type { Configuration } from "./configuration.ts";

/** An encoder fitted to the training split, out of a store: the artefact that `attar measure` keeps as well. */
export const fittedEncoder = (
  store: ArtefactStore,
  reader: Pick<RealReader, "fit">,
  { network, seed }: Pick<Configuration, "network" | "seed">,
  spec: FittedSpec,
): Promise<Encoder> =>
  reader.fit({
    name: "an encoder",
    on: async (dataset) => openEncoder(store, await sourceOf(dataset), { spec, network, seed }),
  });

/** The same of a run's configuration, as the artefact that it opens; undefined where its rule compares pixels. */
export async function encoderArtefact(
  dataset: Dataset,
  { selection, network, seed }: Pick<Configuration, "selection" | "network" | "seed">,
): Promise<ArtefactSpec | undefined> {
  const spec = selection && encoderAsked(selection.options);
  return spec && encoder.spec(await sourceOf(dataset), { spec, network, seed });
}

async function sourceOf(dataset: Dataset): Promise<EncoderSource> {
  const { name, classes, shape, normalisation } = dataset;
  const { images, labels } = await readerOf(dataset).batch("the images that an encoder is fitted to", {});
  const set = { name, images, labels, classes };
  const units = { ...inPlainUnits(normalisation, shape), zca: normalisation.zca };
  return { set, checksum: await setChecksum(set), normalisation: units };
}
