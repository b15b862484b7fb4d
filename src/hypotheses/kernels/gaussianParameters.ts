import { type RandomKey, size, Tensor } from "../../engine/index.ts";
import type { Network, Params } from "../network.ts";
import { type Prior, variances } from "./infiniteWidth.ts";

/**
 * Random parameters as the infinite-width kernels assume them: weights normal with variance weightStd²/fan_in, biases with
 * variance biasStd². Normalisation layers, whose weights are vectors, start as the network has them.
 */
export function gaussianParameters(network: Network, key: RandomKey, prior: Prior = {}): Params {
  const { weight, bias } = variances(prior);
  const own = Object.entries(network.init(key)).map(([layer, tensors]) => {
    const matrix = tensors.weight && tensors.weight.shape.length > 1 && !layer.startsWith("norm");
    if (!matrix) return [layer, tensors] as const;
    const drawn = Object.entries(tensors).map(([name, { shape }]) => {
      const std = name === "weight" ? Math.sqrt(weight / size(shape.slice(1))) : Math.sqrt(bias);
      const data = key
        .fold(layer)
        .fold(`gaussian ${name}`)
        .normal(size(shape))
        .map((z) => z * std);
      return [name, new Tensor(data, shape, "float32")] as const;
    });
    return [layer, Object.fromEntries(drawn)] as const;
  });
  return Object.fromEntries(own);
}
