import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { type RandomKey, tensor } from "../../engine/index.ts";
import type { TracedParams } from "../network.ts";

/** x Wᵀ + b with weight [out, in]; initialised uniform in ±1/√in as PyTorch's defaults. */
export function linear(x: Traced, layer: TracedParams[string]): Traced {
  const { weight, bias } = layer as { weight: Traced; bias: Traced };
  return np.matmul(x, weight.transpose()).add(bias);
}

export function linearInit(key: RandomKey, input: number, output: number) {
  const bound = 1 / Math.sqrt(input);
  return {
    weight: tensor(key.fold("weight").uniform(output * input, -bound, bound), [output, input]),
    bias: tensor(key.fold("bias").uniform(output, -bound, bound)),
  };
}
