import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { TracedParams } from "../../hypotheses/index.ts";
import { pairs } from "./pairs.ts";

/** Weights of convolutions: [out, in, height, width]. */
const isKernel = (tensor: Traced) => tensor.ndim === 4;

/**
 * IDC's distances of two gradients over the weights of convolutions, biases and linear layers left out: Σ |a − b|. Consumes
 * both trees. Source: Kim et al. (2022).
 */
export function convolutionL1(synthetic: TracedParams, real: TracedParams): Traced {
  return pairs(synthetic, real, isKernel)
    .map(([a, b]) => np.sum(np.absolute(a.sub(b))))
    .reduce((total, part) => total.add(part), np.zeros([]));
}

/** Σ (a − b)², no division by the number of entries, over the weights of convolutions; see {@link convolutionL1}. */
export function convolutionSquared(synthetic: TracedParams, real: TracedParams): Traced {
  return pairs(synthetic, real, isKernel)
    .map(([a, b]) => np.sum(np.square(a.sub(b))))
    .reduce((total, part) => total.add(part), np.zeros([]));
}
