import { numpy as np, type Array as Traced, valueAndGrad } from "@jax-js/jax";
import { squaredMeanDifference } from "../../src/discrepancies/index.ts";
import { multiplyAdds, type Tensor, tensor } from "../../src/engine/index.ts";
import { type Network, oneHot, type TracedParams } from "../../src/hypotheses/index.ts";
import type { BenchCase } from "../case.ts";
import { named } from "../namedTensors.ts";
import { chunkedSum, perGroup } from "../ours.ts";
import { classes, classMajorLabels, noiseImages, scaled, weights } from "../problem.ts";

const [ipc, realBatch, rate, momentum] = [10, 64, 1, 0.5];

type Group = { images: Traced; target: Traced };

/**
 * One iteration of distribution matching: mean embeddings of 10 x 64 real images, the loss of 10 x 10 synthetic ones, its
 * gradient with respect to them and a momentum step. No augmentation; the network and the batch are given.
 */
export const dmIteration: BenchCase = {
  name: "dm-iteration-ipc10",
  label: "distribution matching, 10 classes: 64 real, 10 synthetic each",
  title: "distribution matching of 10 classes: 64 real and 10 synthetic images each, image gradient, momentum step",
  states: ["synthetic"],
  prepare(network) {
    const params = weights(network);
    const images = noiseImages(network, "images", classes * realBatch);
    const start = noiseImages(network, "synthetic", classes * ipc);
    const targets = oneHot(classMajorLabels(realBatch), classes);
    const sums = embeddingSums(network);
    const loss = classLoss(network);
    const sum = chunkedSum(sums, { name: "sums of embeddings" });
    const pull = perGroup(loss, { name: "matching loss" });
    let synthetic = start;
    let velocity = new Float32Array(start.data.length);
    return {
      tensors: { ...named("params", params), images, synthetic: start },
      async run() {
        const real = (await sum(params as never, { images, targets } as never)) as unknown as Tensor;
        const groups = {
          images: synthetic.reshape([classes, ipc, ...network.input]),
          target: scaled(real, 1 / realBatch),
        };
        const pulled = await pull(params as never, groups as never);
        const { loss: parts, gradient } = pulled as unknown as { loss: Tensor; gradient: Tensor };
        const moved = new Float32Array(velocity.length);
        const next = new Float32Array(velocity.length);
        for (let i = 0; i < moved.length; i++) {
          next[i] = momentum * velocity[i]! + gradient.data[i]!;
          moved[i] = synthetic.data[i]! - rate * next[i]!;
        }
        velocity = next;
        synthetic = tensor(moved, start.shape);
        let total = 0;
        for (const part of parts.data) total += part;
        return { loss: tensor(total), gradient, synthetic };
      },
      async multiplyAdds() {
        const one = { images: images.rows(0, 1), targets: targets.rows(0, 1) };
        const group = {
          images: start.rows(0, ipc).reshape([1, ipc, ...network.input]),
          target: tensor(new Float32Array(network.features), [1, network.features]),
        };
        const real = await multiplyAdds(sums, [params, one]);
        return classes * (realBatch * real + (await multiplyAdds(loss, [params, group])));
      },
    };
  },
};

/** Σ_i 1[y_i = c] ψ(x_i) for every class c: images [n, C, H, W], targets [n, classes] → [classes, features]. */
const embeddingSums =
  (network: Network) =>
  (params: TracedParams, samples: { images: Traced; targets: Traced }): Traced =>
    np.matmul(samples.targets.transpose(), network.embed(params, samples.images));

/** Mean embedding of one group: [1, n, C, H, W] → [features]. */
function meanEmbedding(network: Network, params: TracedParams, images: Traced): Traced {
  const [, n, c, h, w] = images.shape as [number, number, number, number, number];
  return np.sum(network.embed(params, images.reshape([n, c, h, w])), 0).mul(1 / n);
}

/** ‖mean ψ(S_c) − mean ψ(T_c)‖² and its gradient with respect to S_c. */
function classLoss(network: Network) {
  return (params: TracedParams, { images, target }: Group): { loss: Traced; gradient: Traced } => {
    const distance = (s: Traced): Traced =>
      squaredMeanDifference(meanEmbedding(network, params, s), target.reshape([network.features]));
    const [value, gradient] = valueAndGrad(distance)(images) as [Traced, Traced];
    return { loss: value.reshape([1]), gradient };
  };
}
