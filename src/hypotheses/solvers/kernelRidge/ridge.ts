import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { type Executor, type Tensor, tensor, valueAndGradients } from "../../../engine/index.ts";
import type { Kernel } from "../../kernels/kernel.ts";
import { type Factored, factored, meanDiagonal } from "../choleskySolve.ts";
import type { NamedTensors, NamedTraced } from "../innerLoss.ts";
import type { InnerData } from "../unroll.ts";

/**
 * Loss of predictions: Σ over the rows of ℓ(prediction, target), a scalar; [b, K] each. `learned` are scalars or arrays that
 * are learned with S, a temperature for example. Consumes what it is given.
 */
export type PredictionLoss = (predictions: Traced, targets: Traced, learned: NamedTraced) => Traced;

/** ½ mean over classes of the squared error, summed over rows: KIP's loss (Nguyen et al. 2021). */
export const halfMeanSquare: PredictionLoss = (predictions, targets) => {
  const classes = predictions.shape[1]!;
  return np.sum(np.square(predictions.sub(targets))).mul(0.5 / classes);
};

export interface KernelRidgeOptions {
  /** λ; 1e-6. */
  readonly ridge?: number;
  /** The factor of λ: the mean of K_SS's diagonal, or one. `trace` when left out. */
  readonly scale?: "trace" | "absolute";
  /**
   * The precision of K_SS: `float64` where the kernel can be evaluated so on the host, for small λ; `float32` when left
   * out.
   */
  readonly precision?: "float32" | "float64";
  readonly loss?: PredictionLoss;
  readonly executor?: Executor;
}

/** A fitted regression: h(x) = Σⱼ αⱼ k(x, xⱼ) with α = (K_SS + λI)⁻¹ y (§5.2.2). */
export interface RidgeFit {
  readonly data: InnerData;
  /** Values of the kernel's parameters. */
  readonly parameters: Kernel["parameters"];
  /** [M, K]. */
  readonly alpha: Tensor;
  /** K_SS + λI. */
  readonly system: Factored;
  /** Partial derivatives of K_SS, where the kernel is one of inner products. */
  readonly partials?: NamedTensors;
  /**
   * The features of S, where the kernel has some: φ(S) [M, F], and the same hypothesis as their weights [F, K], h(x) = φ(x)
   * · head.
   */
  readonly features?: Tensor;
  readonly head?: Tensor;
}

/** A batch of T: points [b, …] and targets [b, K]. */
export interface Targets {
  readonly images: Tensor;
  readonly labels: Tensor;
}

/** The outer loss's mean over the batch, and its derivatives. */
export interface RidgeGradient {
  readonly loss: number;
  /** The gradient in S: [M, …] and [M, K]. */
  readonly images: Tensor;
  readonly labels: Tensor;
  /** The gradient in what is learned beside S. */
  readonly learned: NamedTensors;
}

/** Training on S in closed form, as a function of S that can be differentiated. */
export interface KernelRidge {
  /** @throws AttarError "ill-conditioned" (exit code 3). */
  fit(data: InnerData, parameters?: Kernel["parameters"]): Promise<RidgeFit>;
  /** The derivative goes through k(T, S), through α, and through K_SS by the rule of the inverse. */
  lossAndGradient(fit: RidgeFit, real: Targets, learned?: NamedTensors): Promise<RidgeGradient>;
  /** The gradient of each sample's loss in its image, S and α standing still: [b, …]. */
  slope(fit: RidgeFit, real: Targets, learned?: NamedTensors): Promise<Tensor>;
  /** h of each image: [b, …] to [b, K]. */
  predict(fit: RidgeFit, images: Tensor): Promise<Tensor>;
  dispose(): void;
}

/** The sums of one pass over T: the loss, and cotangents of the hypothesis, of S where it is read, and of what is learned. */
export type OuterSums<R, X = R> = OuterMeans<R> & { images: X };

/** The part of {@link OuterSums} that is a mean once it is divided by the number of samples. */
export type OuterMeans<R> = { loss: R; hypothesis: R; learned: { [name: string]: R } };

/** A traced outer loss with its gradients in S (or what stands for it), the hypothesis and what is learned. Consumes its arguments. */
export function outerSums<X>(
  value: (images: X, hypothesis: Traced, learned: NamedTraced) => Traced,
  images: X,
  hypothesis: Traced,
  learned: NamedTraced,
): OuterSums<Traced, X> {
  const [loss, [dImages, dHypothesis, dLearned]] = valueAndGradients(value)(images, hypothesis, learned);
  return { loss, hypothesis: dHypothesis, images: dImages, learned: dLearned };
}

/** Sums over `count` samples as means. */
export function outerMeans({ loss, hypothesis, learned }: OuterMeans<Tensor>, count: number): OuterMeans<Tensor> {
  const mean = ({ data, shape }: Tensor): Tensor => {
    const out = new Float32Array(data.length);
    for (let i = 0; i < out.length; i++) out[i] = data[i]! / count;
    return tensor(out, shape);
  };
  const named = Object.entries(learned).map(([name, t]) => [name, mean(t)] as const);
  return { loss: mean(loss), hypothesis: mean(hypothesis), learned: Object.fromEntries(named) };
}

/** Solves (K_SS + λI) α = y, given K_SS; α in float64. */
export function solved(gram: ArrayLike<number>, { labels }: InnerData, options: KernelRidgeOptions) {
  const [n, classes] = labels.shape as [number, number];
  const { ridge = 1e-6, scale = "trace" } = options;
  const system = factored(gram, n, scale === "trace" ? ridge * meanDiagonal(gram, n) : ridge);
  const exact = system.solve(labels.data, classes);
  return { system, exact, alpha: tensor(new Float32Array(exact), [n, classes]) };
}

/**
 * From the cotangent of α to those of y and K_SS: ȳ = A⁻¹ ᾱ and K̄ = −ȳ αᵀ + c I, where c is what λ's share in the mean diagonal
 * adds.
 */
export function throughSolve(
  { system, alpha }: Pick<RidgeFit, "system" | "alpha">,
  alphaBar: ArrayLike<number>,
  { ridge = 1e-6, scale = "trace" }: KernelRidgeOptions,
): { labels: Tensor; diagonal: number } {
  const [n, classes] = alpha.shape as [number, number];
  const labels = system.solve(alphaBar, classes);
  let trace = 0;
  if (scale === "trace") for (let i = 0; i < labels.length; i++) trace -= labels[i]! * alpha.data[i]!;
  return { labels: tensor(new Float32Array(labels), [n, classes]), diagonal: (ridge * trace) / n };
}
