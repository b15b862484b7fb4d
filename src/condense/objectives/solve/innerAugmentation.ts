import type { SolverContext } from "../../../hypotheses/index.ts";
import {
  type Augmentation,
  augmentationTensors,
  augmentTraced,
  batchDraws,
  coloursFirst,
  type TracedAugmentation,
} from "../../../tricks/index.ts";

/** An augmentation of the batches that S trains a network with: parameters of every image, arrays in the graph. */
export function innerAugmentation(
  augmentation: Augmentation,
  shape: readonly [number, number, number],
): NonNullable<SolverContext["augment"]> {
  const [channels, height, width] = shape;
  const draws = batchDraws(augmentation, shape);
  return {
    draw: (key, count) => augmentationTensors(draws(key, count), height, width),
    apply(images, each) {
      const n = images.shape[0]!;
      const grouped = images.reshape([n, 1, channels, height, width]);
      const colourFirst = coloursFirst(augmentation);
      return augmentTraced(grouped, each as TracedAugmentation, colourFirst).reshape([n, channels, height, width]);
    },
  };
}
