import { lax, type Array as Traced } from "@jax-js/jax";
import type { StageMaker } from "./stage.ts";

/**
 * y = x Wᵀ + b: [n, in] → [n, out]. Weight [out, in] and bias [out] start uniform in ±1/√in, as in PyTorch.
 */
export function linear(layer: string, out: number): StageMaker {
  return (input) => {
    const bound = 1 / Math.sqrt(input[0]!);
    return {
      parameters: {
        [layer]: { weight: { shape: [out, input[0]!], start: { bound } }, bias: { shape: [out], start: { bound } } },
      },
      statistics: {},
      output: [out],
      apply: (params, x) => affine(x, params[layer]!.weight!, params[layer]!.bias!),
    };
  };
}

function affine(x: Traced, weight: Traced, bias: Traced): Traced {
  return lax.dot(x, weight, { lhsContractingDims: [1], rhsContractingDims: [1] }).add(bias);
}
