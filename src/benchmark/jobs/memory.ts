import type { DatasetInfo } from "../../data/datasetInfo.ts";
import { arrayShape } from "../../data/domain.ts";
import { size } from "../../engine/index.ts";
import type { NetworkSpec } from "../../hypotheses/index.ts";

/** Bytes of a child that has computed something small: 188 to 196 MiB were measured on digits. */
const child = 200 * 2 ** 20;
/** Layers whose activations are held at once, forward and back, at the size of the input. */
const layers = 4;
/** Channels of a network that does not say how wide it is. */
const usualWidth = 128;
/** Images that pass through a network together where it is tested. */
const testBatch = 1000;
/** Images of a step that are taken at once, about: sums over more go in chunks. */
const stepBatch = 256;
/** Bytes of activations that are not exceeded, however large samples are: fewer of them are taken at once. */
const mostActivations = 2 * 2 ** 30;

/** Bytes of a dataset in memory: a byte a value of an image, four of anything else. */
function datasetBytes({ domain, counts }: DatasetInfo): number {
  const samples = [...counts.train, ...counts.test].reduce((sum, count) => sum + count, 0);
  return samples * size(arrayShape(domain)) * (domain.kind === "image" ? 1 : 4);
}

function activations(images: number, { domain }: DatasetInfo, network: NetworkSpec): number {
  const [, height, width] = arrayShape(domain);
  const channels = Number(network.options.width ?? usualWidth);
  return Math.min(mostActivations, 4 * layers * images * height * width * channels);
}

/** The peak of a condensation, in bytes, about: S and its momentum, real images of a step, activations of both. */
export function memoryOfCondensing(
  info: DatasetInfo,
  { ipc, realBatch, steps, network }: { ipc: number; realBatch: number; steps: number; network: NetworkSpec },
): number {
  const own = 4 * size(arrayShape(info.domain));
  const classes = info.classes.length;
  const moving = steps > 0 ? activations(Math.min(stepBatch, classes * (realBatch + ipc)), info, network) : 0;
  return child + datasetBytes(info) + 4 * classes * ipc * own + classes * realBatch * own + moving;
}

/** The peak of training networks on a set of so many images and testing them, in bytes, about. */
export function memoryOfTraining(info: DatasetInfo, images: number, batch: number, network: NetworkSpec): number {
  const own = 4 * size(arrayShape(info.domain));
  const together = Math.max(testBatch / 2, Math.min(batch, images));
  return child + datasetBytes(info) + images * own + activations(together, info, network);
}
