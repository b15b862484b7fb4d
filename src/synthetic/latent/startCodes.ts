import type { RealReader } from "../../data/reader.ts";
import { AttarError, type RandomKey, Tensor } from "../../engine/index.ts";
import { type Codes, inverted } from "../../generators/index.ts";
import { clustersCodes, codeCentres } from "../codeCentres.ts";
import { initialiseImages } from "../initialise.ts";
import type { ChosenRule, TrainedGenerator } from "../select.ts";
import { meanStyles } from "./meanStyles.ts";
import type { LatentOptions } from "./options.ts";

/** @throws AttarError "poor-generator" (exit code 2) where too few samples are of the class asked for: S would start in wrong classes */
export function refusePoor(
  { quality, generator }: TrainedGenerator,
  { fidelity, steps }: LatentOptions,
  name: string,
): void {
  if (!quality || steps === 0 || quality.fidelity >= fidelity) return;
  throw new AttarError(
    "poor-generator",
    `of the samples of ${generator.spec.name} on ${name} ${(100 * quality.fidelity).toFixed(1)} % are of the class that was asked for, fewer than ${100 * fidelity} %`,
    `train it longer, --set synthetic.steps=${4 * steps}, or take it as it is, --set synthetic.fidelity=0`,
  );
}

interface Start {
  readonly reader: RealReader;
  readonly ipc: number;
  readonly chosen: LatentOptions;
  readonly signal: AbortSignal | undefined;
}

/**
 * Codes of a layer of every class's images, class-major: drawn from the prior, centres of a clustering of codes, or those of the images of an
 * initialisation. A stand-in for a generator that is not trained yet has no images to be near to.
 */
export async function startCodes(
  opened: TrainedGenerator,
  how: ChosenRule,
  key: RandomKey,
  start: Start,
): Promise<Codes> {
  const { reader, ipc, chosen, signal } = start;
  const { layer, inversion: steps, inversionRate: rate } = chosen;
  const { facts } = reader;
  const labels = Int32Array.from({ length: facts.classes.length * ipc }, (_, i) => Math.floor(i / ipc));
  const sought = !opened.generator.encoder;
  const { styles = 1 } = chosen;
  if (how.name === "noise" && styles > 1) return meanStyles(opened, labels, key, { chosen: { layer, styles }, ipc });
  if (how.name === "noise" || (sought && opened.standsIn)) return opened.advance(opened.sample(labels, key), layer);
  if (!sought && clustersCodes(how)) return codeCentres(opened, key, { reader, ipc, layer, signal });
  const initial = await initialiseImages(reader, ipc, how, key, signal);
  const images = new Tensor(initial, [labels.length, ...facts.shape], "float32");
  if (!sought) return opened.encode(images, labels, layer, key.fold("codes"));
  const found = inverted(opened, images, labels, key.fold("inversion"), { steps, rate, ...(signal && { signal }) });
  return opened.advance(await found, layer);
}
