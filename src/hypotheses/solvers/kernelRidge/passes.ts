import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { Tensor } from "../../../engine/index.ts";
import type { Kernel, TracedTree } from "../../kernels/kernel.ts";
import type { NamedTensors, NamedTraced } from "../innerLoss.ts";
import type { RidgeFit, Targets } from "./ridge.ts";

/** The passes of a kernel ridge regression in compiled programs; the system between them is solved on the host. */
export interface KernelPasses {
  /** K_SS, row-major, in float64 where asked for and possible. `partials` is what {@link KernelPasses.pullback} needs of it. */
  gram(
    parameters: Kernel["parameters"],
    images: Tensor,
    precision: "float32" | "float64",
  ): Promise<{ matrix: ArrayLike<number>; partials?: NamedTensors }>;
  /** Through k(T, S): the loss and its derivatives, summed over T in parts of `part` samples. */
  outer(fit: RidgeFit, real: Targets, learned: NamedTensors, part: number): Promise<OuterPass>;
  /** The derivative in S [M, …] that comes through K_SS, with what {@link KernelPasses.outer} found added to it. */
  pullback(fit: RidgeFit, cotangent: GramCotangent<Tensor>, points: NamedTensors): Promise<Tensor>;
  dispose(): void;
}

/** Means over T. */
export interface OuterPass {
  readonly loss: number;
  /** Cotangent of α, [M, K]. */
  readonly alpha: Tensor;
  readonly learned: NamedTensors;
  /** The arrays of it that {@link KernelPasses.pullback} takes. */
  readonly points: NamedTensors;
}

/** Hypotheses and points as a program sees them. */
export type TracedFit = { parameters: TracedTree; images: Traced; alpha: Traced };

/** The same where the kernel has no parameters; `share` is one sample's in the mean. */
export type TracedFixed = { images: Traced; alpha: Traced; learned: NamedTraced; share: Traced };

/** T as a program sees it. */
export type TracedReal = { images: Traced; labels: Traced };

/** ȳ and α [M, K], and the scalar c. */
export interface GramCotangent<R> {
  readonly labels: R;
  readonly alpha: R;
  readonly diagonal: R;
}

/**
 * K̄ + K̄ᵀ with K̄ = −ȳ αᵀ + c I: a kernel is symmetric, so that the derivative through its first argument alone, with this
 * cotangent, is that through both with K̄.
 */
export function gramCotangent({ labels, alpha, diagonal }: GramCotangent<Traced>, n: number): Traced {
  const half = np.eye(n).mul(diagonal).sub(np.matmul(labels, alpha.transpose()));
  return half.ref.add(half.transpose());
}
