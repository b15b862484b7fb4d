import type { Array as Traced } from "@jax-js/jax";
import { AttarError, type RandomKey } from "../../engine/index.ts";
import { activations, checkActivation } from "../layers/activation.ts";
import { conv2d, conv2dInit } from "../layers/conv2d.ts";
import { linear, linearInit } from "../layers/linear.ts";
import { checkNormalisation, normalise, normaliseInit } from "../layers/normalise.ts";
import { averagePool, maxPool } from "../layers/pool.ts";
import type { Network, NetworkSpec, Params, TracedParams } from "../network.ts";

export interface ConvNetOptions {
  /** Number of blocks; defaults to 3. */
  depth?: number;
  /** Channels of every block; defaults to 128. */
  width?: number;
  /** relu (default), leakyrelu, sigmoid or swish. */
  activation?: string;
  /** instance (default), group, layer, batch or none. */
  normalisation?: string;
  /** avg (default), max or none. */
  pooling?: string;
}

/** The field's ConvNet: blocks of 3×3 convolution, normalisation, activation and 2×2 pooling, then one linear layer. */
export const convnet = (options: ConvNetOptions = {}): NetworkSpec => ({
  name: "convnet",
  options: { depth: 3, width: 128, activation: "relu", normalisation: "instance", pooling: "avg", ...options },
});

/**
 * Builds it for an input. The first convolution of a 28×28 grey image pads by 3, which makes the maps 32, 16, 8, 4 as for
 * 32×32 inputs; everything else pads by 1.
 *
 * @throws AttarError where the input is too small for the depth.
 */
export function buildConvNet(spec: NetworkSpec, input: readonly [number, number, number], classes: number): Network {
  const { depth, width } = spec.options as { depth: number; width: number };
  const activate = activations[checkActivation(String(spec.options.activation))];
  const kind = checkNormalisation(String(spec.options.normalisation));
  const pooling = String(spec.options.pooling);
  if (!["avg", "max", "none"].includes(pooling))
    throw new AttarError("unknown-option", `unknown pooling "${pooling}"`, "use avg, max or none");
  for (const [name, value] of [
    ["depth", depth],
    ["width", width],
  ] as const)
    if (!Number.isInteger(value) || value < 1)
      throw new AttarError(
        "bad-option",
        `convnet: ${name} must be a positive whole number, got ${value}`,
        `for example convnet:${name}=3`,
      );
  const [channels, height, breadth] = input;
  const firstPadding = channels === 1 && height === 28 && breadth === 28 ? 3 : 1;
  let [h, w] = [height + 2 * (firstPadding - 1), breadth + 2 * (firstPadding - 1)];
  let multiplyAdds = 0;
  for (let i = 0; i < depth; i++) {
    multiplyAdds += h * w * width * (i === 0 ? channels : width) * 9;
    if (pooling !== "none" && Math.min(h, w) < 2)
      throw new AttarError(
        "input-too-small",
        `convnet of depth ${depth} needs a larger image than ${height}x${breadth}`,
        `use convnet:depth=${i}`,
      );
    if (pooling !== "none") [h, w] = [Math.floor(h / 2), Math.floor(w / 2)];
  }
  const features = width * h * w;

  const embed = (params: TracedParams, images: Traced): Traced => {
    let x = images;
    for (let i = 0; i < depth; i++) {
      x = conv2d(x, params[`conv${i}`]!, i === 0 ? firstPadding : 1);
      if (kind !== "none") x = normalise(x, params[`norm${i}`]!, kind);
      x = activate(x);
      if (pooling !== "none") x = pooling === "avg" ? averagePool(x) : maxPool(x);
    }
    return x.reshape([x.shape[0]!, features]);
  };
  return {
    spec,
    input,
    classes,
    features,
    multiplyAdds: multiplyAdds + features * classes,
    init(key: RandomKey): Params {
      const params: Params = {};
      for (let i = 0; i < depth; i++) {
        params[`conv${i}`] = conv2dInit(key.fold(`conv${i}`), i === 0 ? channels : width, width, 3);
        if (kind !== "none") params[`norm${i}`] = normaliseInit(width);
      }
      params.head = linearInit(key.fold("head"), features, classes);
      return params;
    },
    embed,
    logits: (params, images) => linear(embed(params, images), params.head!),
  };
}
