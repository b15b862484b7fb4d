import type { Array as Traced } from "@jax-js/jax";
import { AttarError, type RandomKey } from "../../engine/index.ts";
import { activations } from "../layers/activation.ts";
import { conv2d, conv2dInit } from "../layers/conv2d.ts";
import { linear, linearInit } from "../layers/linear.ts";
import { type Normalisation, normalise, normaliseInit } from "../layers/normalise.ts";
import { averagePool, maxPool } from "../layers/pool.ts";
import type { Network, NetworkSpec, Params, TracedParams } from "../network.ts";

/** One step of a feed-forward architecture. Everything but the last linear layer is the embedding. */
export type Step =
  | { kind: "conv"; filters: number; kernel: number; padding: number }
  | { kind: "linear"; units: number }
  | { kind: "normalise"; by: Normalisation }
  | { kind: "relu" }
  | { kind: "maxPool" }
  | { kind: "averagePool"; window: number };

/** A network from a list of steps; flattening happens before the first linear layer. */
export function sequence(
  spec: NetworkSpec,
  input: readonly [number, number, number],
  classes: number,
  steps: readonly Step[],
): Network {
  let [c, h, w] = input;
  const inits: ((key: RandomKey, params: Params) => void)[] = [];
  const applies: ((x: Traced, params: TracedParams) => Traced)[] = [];
  let multiplyAdds = 0;
  let flat = 0;
  const flatten = () => {
    if (flat) return;
    flat = c * h * w;
    const size = flat;
    applies.push((x) => x.reshape([x.shape[0]!, size]));
  };
  steps.forEach((step, i) => {
    const layer = `${step.kind}${i}`;
    switch (step.kind) {
      case "conv": {
        const [from, { filters, kernel, padding }] = [c, step];
        inits.push((key, p) => {
          p[layer] = conv2dInit(key.fold(layer), from, filters, kernel);
        });
        applies.push((x, p) => conv2d(x, p[layer]!, padding));
        multiplyAdds +=
          (h + 2 * padding - kernel + 1) * (w + 2 * padding - kernel + 1) * filters * from * kernel * kernel;
        [c, h, w] = [filters, h + 2 * padding - kernel + 1, w + 2 * padding - kernel + 1];
        break;
      }
      case "linear": {
        flatten();
        const [from, units] = [flat, step.units];
        inits.push((key, p) => {
          p[layer] = linearInit(key.fold(layer), from, units);
        });
        applies.push((x, p) => linear(x, p[layer]!));
        multiplyAdds += from * units;
        flat = units;
        break;
      }
      case "normalise": {
        const [channels, by] = [c, step.by];
        inits.push((_, p) => {
          p[layer] = normaliseInit(channels);
        });
        applies.push((x, p) => normalise(x, p[layer]!, by));
        break;
      }
      case "relu":
        applies.push((x) => activations.relu(x));
        break;
      case "maxPool":
        applies.push((x) => maxPool(x));
        [h, w] = [Math.floor(h / 2), Math.floor(w / 2)];
        break;
      case "averagePool": {
        const window = Math.min(step.window, h, w);
        applies.push((x) => (window > 1 ? averagePool(x, window) : x));
        [h, w] = [Math.floor(h / window), Math.floor(w / window)];
        break;
      }
    }
    if (h < 1 || w < 1)
      throw new AttarError(
        "input-too-small",
        `${spec.name} does not admit ${input[1]}x${input[2]} images: nothing is left after its layer ${i + 1}`,
        "use convnet or mlp for small images",
      );
  });
  flatten();
  const features = flat;
  const embed = (params: TracedParams, images: Traced) => applies.reduce((x, apply) => apply(x, params), images);
  return {
    spec,
    input,
    classes,
    features,
    multiplyAdds: multiplyAdds + features * classes,
    init(key) {
      const params: Params = {};
      for (const init of inits) init(key, params);
      params.head = linearInit(key.fold("head"), features, classes);
      return params;
    },
    embed,
    logits: (params, images) => linear(embed(params, images), params.head!),
  };
}
