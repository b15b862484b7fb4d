import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { Normalisation } from "../data/dataset.ts";
import { gradientWith, mapSamples, type SampleMap, size, Tensor, tensor } from "../engine/index.ts";
import { type Network, oneHot, type Params, perNetwork, type TracedParams } from "../hypotheses/index.ts";
import { tracedLosses } from "./losses.ts";
import type { AttackLoss, Victim } from "./victim.ts";

type Traceable = {
  params: TracedParams;
  statistics: TracedParams;
  /** Per channel, [1, C, 1, 1]: a pixel p is stored / scale = low + width · p, and the network sees (stored / scale − mean) / std. */
  units: { low: Traced; width: Traced; mean: Traced; std: Traced };
  /** Whitening x ↦ W (x − m) of flat samples. */
  zca?: { mean: Traced; whiten: Traced };
};
type Labelled = { images: Traced; labels: Traced; targets: Traced };
type Sloped = { logits: Traced; loss: Traced; gradient: Traced };

const forward = perNetwork<SampleMap<Traceable, Traced, Traced>>();
const backward = perNetwork<SampleMap<Traceable, Labelled, Sloped>>();

/** The weights of a trained network, and its running statistics where it normalises by batch. */
export interface Weights {
  readonly network: Network;
  readonly params: Params;
  readonly statistics?: Params;
}

/**
 * A trained network as a function of pixels, its data's normalisation and whitening in front. A program is compiled once for a
 * network object and a loss, whatever its weights.
 */
export function networkVictim(
  { network, params, statistics }: Weights,
  { mean, std, zca, range }: Pick<Normalisation, "mean" | "std" | "zca" | "range">,
): Victim {
  const { classes, input } = network;
  const [channels] = input;
  const channelwise = (of: (c: number) => number) =>
    tensor(
      Array.from({ length: channels }, (_, c) => of(c)),
      [1, channels, 1, 1],
    );
  const low = (c: number) => range?.low[c] ?? 0;
  const fixed = {
    params,
    statistics: statistics ?? {},
    units: {
      low: channelwise(low),
      width: channelwise((c) => (range?.high[c] ?? 1) - low(c) || 1),
      mean: channelwise((c) => mean[c]!),
      std: channelwise((c) => std[c]!),
    },
    ...(zca && {
      zca: {
        mean: tensor(zca.mean, [1, zca.dimension]),
        whiten: tensor(zca.whiten, [zca.dimension, zca.dimension]),
      },
    }),
  };
  const rows = (images: Float64Array) =>
    new Tensor(Float32Array.from(images), [images.length / size(input), ...input], "float32");
  const kind = zca ? "whitened" : "plain";
  return {
    classes,
    shape: input,
    async logits(images) {
      if (images.length === 0) return new Float64Array();
      const map = forward(network, kind, () =>
        mapSamples((f: Traceable, x: Traced) => logitsOf(network, f, x), `logits of ${network.spec.name}`, {
          padded: true,
        }),
      );
      return Float64Array.from((await map(fixed, rows(images))).data);
    },
    async slope(loss, images, labels, targets = labels) {
      if (labels.length === 0)
        return { logits: new Float64Array(), loss: new Float64Array(), gradient: images.slice() };
      const map = backward(network, `${kind} ${loss}`, () =>
        mapSamples(slopeOf(network, loss), `${loss} of ${network.spec.name}`, { padded: true }),
      );
      const found = await map(fixed, {
        images: rows(images),
        labels: oneHot(labels, classes),
        targets: oneHot(targets, classes),
      });
      return {
        logits: Float64Array.from(found.logits.data),
        loss: Float64Array.from(found.loss.data),
        gradient: Float64Array.from(found.gradient.data),
      };
    },
  };
}

/** The network's logits for pixels [n, C, H, W]. Consumes both. */
function logitsOf(network: Network, { params, statistics, units, zca }: Traceable, pixels: Traced): Traced {
  const n = pixels.shape[0]!;
  let x = pixels.mul(units.width).add(units.low).sub(units.mean).div(units.std);
  if (zca) x = np.matmul(x.reshape([n, -1]).sub(zca.mean), zca.whiten.transpose()).reshape([n, ...network.input]);
  return network.statistics ? network.statistics.evaluate(params, statistics, x) : network.logits(params, x);
}

/** Logits, loss and the loss's gradient in the pixels of each image on its own. */
const slopeOf =
  (network: Network, loss: AttackLoss) =>
  (fixed: Traceable, { images, labels, targets }: Labelled): Sloped => {
    const of = (pixels: Traced): [Traced, { logits: Traced; loss: Traced }] => {
      const logits = logitsOf(network, fixed, pixels);
      const each = tracedLosses[loss](logits.ref, labels, targets);
      return [np.sum(each.ref), { logits, loss: each }];
    };
    const [gradient, beside] = gradientWith(of)(images);
    return { ...beside, gradient };
  };
