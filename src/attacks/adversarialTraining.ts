import type { Normalisation } from "../data/dataset.ts";
import { AttarError, size, Tensor } from "../engine/index.ts";
import type { Network, TrainingAttack, TrainOptions } from "../hypotheses/index.ts";
import { networkVictim } from "./networkVictim.ts";
import { fromPixels, toPixels } from "./pixels.ts";
import { projectedAscent, upCrossEntropy } from "./projectedAscent.ts";

/**
 * The perturbation of training batches against the network under training, up the cross-entropy of the class that their targets
 * have most of; or by noise.
 *
 * @param normalisation of the images that are trained on
 * @throws AttarError "bad-combination" where they are whitened: perturbations are of pixels
 */
export function adversarialTraining(
  network: Network,
  normalisation: Normalisation,
  { norm, radius, steps, step }: TrainingAttack,
): NonNullable<TrainOptions["perturb"]> {
  if (normalisation.zca)
    throw new AttarError(
      "bad-combination",
      "adversarial training perturbs pixels, and these images are whitened",
      "use a set that was condensed without whitening, or leave adversarial training out",
    );
  const shape = network.input;
  if (norm === "gaussian")
    return async (_state, images, _targets, key) => {
      const noise = key.normal(images.data.length);
      const pixels = toPixels(images.data, normalisation, shape).map((v, j) => v + radius * noise[j]!);
      return new Tensor(fromPixels(pixels, normalisation, shape), images.shape, "float32");
    };
  return async ({ params, statistics }, images, targets) => {
    const labels = largestOf(targets);
    const victim = networkVictim({ network, params, ...(network.statistics && { statistics }) }, normalisation);
    const pixels = toPixels(images.data, normalisation, shape);
    const found = await projectedAscent(upCrossEntropy(victim, labels), pixels, size(shape), { norm, radius }, pixels, {
      steps,
      length: radius * step,
    });
    return new Tensor(fromPixels(found, normalisation, shape), images.shape, "float32");
  };
}

/** The position of the largest entry of every row [n, K]. */
function largestOf({ data, shape }: Tensor): Int32Array {
  const [n, classes] = shape as [number, number];
  return Int32Array.from({ length: n }, (_, i) => {
    let largest = 0;
    for (let k = 1; k < classes; k++) if (data[i * classes + k]! > data[i * classes + largest]!) largest = k;
    return largest;
  });
}
