import { lax, type Array as Traced } from "@jax-js/jax";
import { type RandomKey, tensor } from "../../engine/index.ts";
import type { Params, TracedParams } from "../network.ts";

/**
 * 2-d convolution with bias. Weight [out, in, k, k], images [n, in, H, W].
 * Initialised as the field's reference code (PyTorch's defaults): uniform in ±1/√fan_in, weight and bias alike.
 */
export function conv2d(images: Traced, layer: TracedParams[string], padding: number, stride = 1): Traced {
  const { weight, bias } = layer as { weight: Traced; bias?: Traced };
  const sides: [number, number] = [padding, padding];
  const out = lax.convGeneralDilated(images, weight, [stride, stride], [sides, sides]);
  return bias ? out.add(bias.reshape([1, bias.shape[0]!, 1, 1])) : out;
}

export function conv2dInit(key: RandomKey, input: number, output: number, kernel: number, bias = true): Params[string] {
  const bound = 1 / Math.sqrt(input * kernel * kernel);
  const shape = [output, input, kernel, kernel];
  const weight = tensor(key.fold("weight").uniform(output * input * kernel * kernel, -bound, bound), shape);
  return bias ? { weight, bias: tensor(key.fold("bias").uniform(output, -bound, bound)) } : { weight };
}
