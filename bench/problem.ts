import { randomKey, size, type Tensor, tensor } from "../src/engine/index.ts";
import { buildNetwork, convnet, type Network, type Params } from "../src/hypotheses/index.ts";

/** Classes of every case. */
export const classes = 10;

const root = randomKey(0).fold("bench");

/** The field's ConvNet-3 of width 128 with instance normalisation and average pooling. */
export function benchNetwork(input: readonly [number, number, number]): Network {
  return buildNetwork(convnet(), input, classes);
}

/** Weights as the network starts, the normalisations' moved off 1 and 0 so that a missing one would show. */
export function weights(network: Network): Params {
  const params = network.init(root.fold("weights"));
  for (const [layer, tensors] of Object.entries(params)) {
    if (!layer.startsWith("norm")) continue;
    for (const [name, { data }] of Object.entries(tensors)) {
      const noise = root.fold(layer).fold(name).normal(data.length);
      for (let i = 0; i < data.length; i++) data[i] = data[i]! + 0.1 * noise[i]!;
    }
  }
  return params;
}

/** Parameters moved by `scale` standard normal numbers: another state of an expert. */
export function drift(params: Params, scale: number): Params {
  const moved: Params = {};
  for (const [layer, tensors] of Object.entries(params)) {
    moved[layer] = {};
    for (const [name, { data, shape }] of Object.entries(tensors)) {
      const noise = root.fold("drift").fold(layer).fold(name).normal(data.length);
      moved[layer]![name] = tensor(
        noise.map((v, i) => data[i]! + scale * v),
        shape,
      );
    }
  }
  return moved;
}

/** Standard normal images, [count, C, H, W]: as large as normalised ones. */
export function noiseImages(network: Network, purpose: string, count: number): Tensor {
  const shape = [count, ...network.input];
  return tensor(root.fold(purpose).normal(size(shape)), shape);
}

/** Labels 0, 1, … 9, 0, 1, … */
export function cyclicLabels(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i % classes);
}

/** An array times a number. */
export function scaled(t: Tensor, by: number): Tensor {
  return tensor(
    (t.data as Float32Array).map((v) => v * by),
    t.shape,
  );
}
