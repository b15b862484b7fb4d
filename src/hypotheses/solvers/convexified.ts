import { numpy as np, type Array as Traced } from "@jax-js/jax";
import {
  alongTangent,
  type Executor,
  gradientOf,
  referenced,
  samplesAtATime,
  sumOverSamples,
  sumsAndRows,
  type Tensor,
  tensor,
} from "../../engine/index.ts";
import type { Network, Params, TracedParams } from "../network.ts";
import { type Factored, factored } from "./choleskySolve.ts";
import { type ConjugateGradientOptions, conjugateGradient } from "./conjugateGradient.ts";
import { product, transposed, transposedProduct } from "./hostMatrix.ts";
import type { NamedTensors, NamedTraced } from "./innerLoss.ts";
import { halfMeanSquare, outerMeans, outerSums, type PredictionLoss, type Targets } from "./kernelRidge/ridge.ts";
import { addScaled, paramsOf, vectorOf } from "./parameterVector.ts";
import type { InnerData } from "./unroll.ts";

export interface ConvexifiedOptions {
  /** λ, absolute; the authors take 5e-4 times the number of synthetic images. */
  readonly ridge: number;
  readonly loss?: PredictionLoss;
  /** The conjugate gradients of the inner problem, and of its inverse Hessian. */
  readonly inner?: ConjugateGradientOptions;
  readonly inverse?: ConjugateGradientOptions;
  readonly executor?: Executor;
}

/** The minimiser on S: h(x) = ∂logits/∂θ · u + φ(x) · head, both at θ₀. */
export interface ConvexifiedFit {
  readonly data: InnerData;
  /** θ₀. */
  readonly params: Params;
  /** u, the last layer's weight zero. */
  readonly tangent: Params;
  /** [F, K]. */
  readonly head: Tensor;
  /** φ(S) [M, F], φφᵀ + λI, and W = (φφᵀ + λI)⁻¹ (Y − a_u) [M, K]. */
  readonly features: Tensor;
  readonly system: Factored;
  readonly dual: Tensor;
  /** Relative residual of the inner problem's optimality condition. */
  readonly residual: number;
}

/** Derivatives of the outer loss's mean, with u held fixed and through u. */
export interface ConvexifiedGradient {
  readonly loss: number;
  readonly direct: InnerData;
  readonly implicit: InnerData;
  readonly learned: NamedTensors;
  /** Relative residual of the inverse-Hessian-vector product. */
  readonly residual: number;
}

export interface Convexified {
  /**
   * Minimises the inner loss from `start`, or from u = 0.
   *
   * @throws AttarError "ill-conditioned" (exit code 3).
   */
  fit(params: Params, data: InnerData, start?: Params): Promise<ConvexifiedFit>;
  lossAndGradient(fit: ConvexifiedFit, real: Targets, learned?: NamedTensors): Promise<ConvexifiedGradient>;
  /** h of each image: [b, …] to [b, K]. */
  predict(fit: ConvexifiedFit, images: Tensor): Promise<Tensor>;
  dispose(): void;
}

/**
 * Convexified implicit gradients (§5.1.1; Loo et al. 2023): the network is linear in u around θ₀, its last layer is solved in
 * closed form, and what remains is quadratic in u,
 *
 *     L(u) = λ/2 (tr Rᵀ M R + ‖u‖²),  M = (φφᵀ + λI)⁻¹,  R = Y − a_u(S),
 *
 * so that the condition on its minimiser, (JᵀMJ + I) u = JᵀMY, and the inverse Hessian are linear systems of one matrix, solved by
 * conjugate gradients on products with J and Jᵀ.
 */
export function convexified(network: Network, options: ConvexifiedOptions): Convexified {
  const { ridge, loss = halfMeanSquare, executor } = options;
  const text = network.spec.name;
  type Linear = { params: TracedParams; tangent: TracedParams };
  type Images = { images: Traced };

  const along = (params: TracedParams, tangent: TracedParams, x: Traced): Traced => {
    const [value, out] = alongTangent((p: TracedParams) => network.logits(p, x), params, tangent);
    value.dispose();
    return out;
  };
  const both = (params: TracedParams, tangent: TracedParams, x: Traced) => ({
    linear: along(referenced(params), tangent, x.ref),
    features: network.embed(params, x),
  });
  const embedding = sumsAndRows(
    ({ params, tangent }: Linear, { images }: Images) => ({ sums: {}, rows: both(params, tangent, images) }),
    { name: `linearised ${text}`, executor },
  );
  const forward = sumsAndRows(
    ({ params, tangent }: Linear, { images }: Images) => ({ sums: {}, rows: along(params, tangent, images) }),
    { name: `derivative of ${text} along a direction`, executor },
  );
  const backward = sumOverSamples(
    ({ params }: { params: TracedParams }, { images, bar }: Images & { bar: Traced }) =>
      gradientOf((p: TracedParams) => np.sum(network.logits(p, images).mul(bar)))(params),
    { name: `transposed derivative of ${text}`, executor },
  );
  type Hypothesis = Linear & { head: Traced };
  const predicted = (params: TracedParams, tangent: TracedParams, head: Traced, x: Traced): Traced => {
    const { linear, features } = both(params, tangent, x);
    return linear.add(np.matmul(features, head));
  };
  const outer = sumOverSamples(
    (
      { params, tangent, head, learned }: Hypothesis & { learned: NamedTraced },
      { images, labels }: Images & { labels: Traced },
    ) => {
      const value = (u: TracedParams, v: Traced, l: NamedTraced) => loss(predicted(params, u, v, images), labels, l);
      return outerSums(value, tangent, head, learned);
    },
    { name: `loss of the linearised ${text}`, executor },
  );
  const predictions = sumsAndRows(
    ({ params, tangent, head }: Hypothesis, { images }: Images) => ({
      sums: {},
      rows: predicted(params, tangent, head, images),
    }),
    { name: `predictions of the linearised ${text}`, executor },
  );
  type Bars = Images & { linearBar: Traced; featuresBar: Traced };
  const pullback = sumsAndRows(
    ({ params, tangent }: Linear, { images, linearBar, featuresBar }: Bars) => {
      const value = (x: Traced) => {
        const { linear, features } = both(params, tangent, x);
        return np.sum(linear.mul(linearBar)).add(np.sum(features.mul(featuresBar)));
      };
      return { sums: {}, rows: gradientOf(value)(images) };
    },
    { name: `images' derivative of the linearised ${text}`, executor },
  );

  /** J u of S, [M, K]. */
  const jacobian = async (params: Params, u: Float32Array, { images }: InnerData): Promise<Tensor> => {
    const { rows } = await forward({ params, tangent: paramsOf(u, params) }, { images });
    return rows;
  };
  /** Jᵀ B, without the last layer's weight. */
  const jacobianTransposed = async (params: Params, bar: ArrayLike<number>, data: InnerData): Promise<Float32Array> => {
    const { images, labels } = data;
    const samples = { images, bar: tensor(new Float32Array(bar), labels.shape) };
    const sum = await backward({ params }, samples, samplesAtATime(images.shape[0]!));
    return vectorOf(withoutHead(sum));
  };
  const hessian = (params: Params, data: InnerData, system: Factored) => async (u: Float32Array) => {
    const image = await jacobian(params, u, data);
    const out = await jacobianTransposed(params, system.solve(image.data, image.shape[1]!), data);
    addScaled(out, u);
    return out;
  };
  const imageGradient = async (
    { params, data }: ConvexifiedFit,
    tangent: Params,
    linearBar: Tensor,
    featuresBar: Tensor,
  ): Promise<Tensor> => {
    const samples = { images: data.images, linearBar, featuresBar };
    const { rows } = await pullback({ params, tangent }, samples);
    return rows;
  };

  return {
    async fit(params, data, start) {
      const [n, classes] = data.labels.shape as [number, number];
      const begin = start ? vectorOf(withoutHead(start)) : new Float32Array(vectorOf(params).length);
      const { rows } = await embedding({ params, tangent: paramsOf(begin, params) }, { images: data.images });
      const { linear, features } = rows;
      const system = factored(product(features, transposed(features)), n, ridge);
      // The correction to `start` solves the same system for what the condition lacks there.
      const rest = (a: Tensor) => system.solve(minus(data.labels, a).data, classes);
      const lacking = await jacobianTransposed(params, rest(linear), data);
      addScaled(lacking, begin, -1);
      const { solution, residual } = await conjugateGradient(hessian(params, data, system), lacking, options.inner);
      addScaled(solution, begin);
      const dual = tensor(new Float32Array(rest(await jacobian(params, solution, data))), [n, classes]);
      const head = tensor(new Float32Array(transposedProduct(features, dual.data)), [features.shape[1]!, classes]);
      return { data, params, tangent: paramsOf(solution, params), head, features, system, dual, residual };
    },

    async lossAndGradient(fit, real, learned = {}) {
      const { params, data, tangent, head, features, system, dual } = fit;
      const [n, classes] = dual.shape as [number, number];
      const count = real.images.shape[0]!;
      const samples = { images: real.images, labels: real.labels };
      const sums = await outer({ params, tangent, head, learned }, samples, samplesAtATime(count));
      const { images: bar } = sums;
      const mean = outerMeans(sums, count);
      const tangentBar = vectorOf(withoutHead(bar)).map((v) => v / count);

      // Direct: head = φᵀW and W = M (Y − a_u).
      const solve = (b: ArrayLike<number>) => tensor(new Float32Array(system.solve(b, classes)), [n, classes]);
      const labels = solve(product(features, mean.hypothesis));
      const direct = await imageGradient(
        fit,
        tangent,
        scaled(labels, -1),
        sum(outerProduct(dual, mean.hypothesis), scaled(symmetricProduct(labels, dual, features), -1)),
      );

      // Through u: v = (JᵀMJ + I)⁻¹ dL/du, then the derivative of −⟨v, condition⟩ in S.
      const through = await jacobianTransposed(params, labels.data, data);
      const outerTangent = tangentBar.map((v, i) => v - through[i]!);
      const inverse = await conjugateGradient(hessian(params, data, system), outerTangent, options.inverse);
      const image = await jacobian(params, inverse.solution, data);
      const pulled = solve(image.data);
      const first = await imageGradient(
        fit,
        tangent,
        scaled(pulled, -1),
        scaled(symmetricProduct(pulled, dual, features), -1),
      );
      const none = tensor(new Float32Array(features.data.length), features.shape);
      const second = await imageGradient(fit, paramsOf(inverse.solution, params), dual, none);
      return {
        loss: mean.loss.item(),
        direct: { images: direct, labels },
        implicit: { images: sum(first, second), labels: pulled },
        learned: mean.learned,
        residual: inverse.residual,
      };
    },

    async predict({ params, tangent, head }, images) {
      const { rows } = await predictions({ params, tangent, head }, { images });
      return rows;
    },

    dispose() {
      for (const compiled of [embedding, forward, backward, outer, predictions, pullback]) compiled.dispose();
    },
  };
}

/** The tree with zeros for the last layer's weight: that layer is solved in closed form. */
function withoutHead(params: Params): Params {
  const { data, shape } = params.head!.weight!;
  return { ...params, head: { ...params.head, weight: tensor(new Float32Array(data.length), shape) } };
}

const combined = (a: Tensor, f: (v: number, i: number) => number): Tensor =>
  tensor((a.data as Float32Array).map(f), a.shape);
const scaled = (a: Tensor, by: number): Tensor => combined(a, (v) => v * by);
const sum = (a: Tensor, b: Tensor): Tensor => combined(a, (v, i) => v + b.data[i]!);
const minus = (a: Tensor, b: Tensor): Tensor => combined(a, (v, i) => v - b.data[i]!);

/** A Bᵀ: [n, K] and [F, K] to [n, F]. */
const outerProduct = (a: Tensor, b: Tensor): Tensor =>
  tensor(new Float32Array(product(a, transposed(b))), [a.shape[0]!, b.shape[0]!]);

/** (A Bᵀ + B Aᵀ) Φ, without the square matrix. */
function symmetricProduct(a: Tensor, b: Tensor, phi: Tensor): Tensor {
  const against = (t: Tensor): Tensor =>
    tensor(new Float32Array(transposedProduct(phi, t.data)), [phi.shape[1]!, t.shape[1]!]);
  return sum(outerProduct(a, against(b)), outerProduct(b, against(a)));
}
