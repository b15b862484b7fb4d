import { AttarError } from "../../engine/index.ts";

/**
 * Which limit of infinitely wide networks: the tangent kernel, E_θ[∇f_θ(x)·∇f_θ(y)], or the covariance of the outputs of
 * random networks (a Gaussian process).
 */
export type Limit = "ntk" | "nngp";

/**
 * The networks whose limit is taken, in the tangent parameterisation: a layer is y = weightStd/√fan_in · W x + biasStd · b with
 * W and b standard normal and both trained.
 */
export interface Prior {
  /** √2 when left out: the variance of a ReLU layer's output is that of its input. */
  readonly weightStd?: number;
  /** 0.1 when left out, as KIP and RFAD have it. */
  readonly biasStd?: number;
}

/** Variances of a layer's weights and biases. */
export interface Variances {
  readonly weight: number;
  readonly bias: number;
}

/** One resolved convolutional limit. */
export interface ConvolutionalLimit {
  readonly limit: Limit;
  readonly input: readonly [number, number, number];
  readonly depth: number;
  readonly pooled: boolean;
  readonly padding: number;
  readonly variances: Variances;
}

/** @throws AttarError "invalid-kernel" where a standard deviation is negative or not finite, or that of the weights 0. */
export function variances({ weightStd = Math.SQRT2, biasStd = 0.1 }: Prior): Variances {
  if (!(weightStd > 0 && Number.isFinite(weightStd) && biasStd >= 0 && Number.isFinite(biasStd)))
    throw new AttarError(
      "invalid-kernel",
      `infinitely wide networks need a weightStd above 0 and a biasStd from 0, got ${weightStd} and ${biasStd}`,
      "KIP's are √2 and 0.1.",
    );
  return { weight: weightStd ** 2, bias: biasStd ** 2 };
}

/** @throws AttarError "invalid-kernel" unless the depth is a whole number from 1. */
export function checkDepth(depth: number): void {
  if (Number.isInteger(depth) && depth >= 1) return;
  throw new AttarError(
    "invalid-kernel",
    `a network's kernel needs a depth that is a whole number from 1, got ${depth}`,
    "The depth counts hidden layers.",
  );
}
