import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { gradientOf, multiplyAdds, zeros } from "../../engine/index.ts";
import type { TracedParams } from "../../hypotheses/index.ts";
import type { Reading, Weights } from "./reading.ts";

/**
 * The multiply-adds of a network's training, which no neighbour on the machine can change: those of a loss and its gradient for an
 * image, times images and passes; augmentation and the optimizer's own are left out. `image` is one pass of one image forward.
 */
export const trainingMultiplyAdds = {
  name: "training-multiply-adds",
  title: "multiply-adds of the network's training, and of one image forward",
  options: {},
  unit: "count",
  better: "lower",
  target: "classes",
  needsLogits: false,
  needsWeights: true,
  names: () => ["training-multiply-adds", "image"],
  async of({ weights, training }, { dataset }) {
    const { network, params, statistics = {} } = weights!;
    // Two images: a network that normalises by batch has no statistics of one.
    const images = zeros([2, ...dataset.shape]);
    const logits = logitsOf(weights!);
    const forward = await multiplyAdds(
      (p: TracedParams, s: TracedParams, x: Traced) => logits(p, s, x),
      [params, statistics, images],
      "one image forward",
    );
    const step = (p: TracedParams, s: TracedParams, x: Traced) =>
      gradientOf((own: TracedParams) => np.sum(np.square(trained(weights!)(own, s, x))))(p);
    const both = await multiplyAdds(step, [params, statistics, images], `a training step of ${network.spec.name}`);
    const { images: count, passes } = training!;
    return { "training-multiply-adds": (both / 2) * count * passes, image: forward / 2 };
  },
} satisfies Reading;

const logitsOf =
  ({ network }: Weights) =>
  (params: TracedParams, statistics: TracedParams, images: Traced): Traced =>
    network.statistics ? network.statistics.evaluate(params, statistics, images) : network.logits(params, images);

const trained =
  ({ network }: Weights) =>
  (params: TracedParams, statistics: TracedParams, images: Traced): Traced =>
    network.statistics ? network.statistics.train(params, statistics, images).logits : network.logits(params, images);
