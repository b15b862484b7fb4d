import type { Array as Traced } from "@jax-js/jax";
import {
  alongTangent,
  type Executor,
  gradientOf,
  samplesAtATime,
  sumOverSamples,
  sumsAndRows,
  type Tensor,
  tensor,
  valueAndGradients,
} from "../../engine/index.ts";
import type { Params, TracedParams } from "../network.ts";
import type { InnerLoss, NamedTensors, NamedTraced } from "./innerLoss.ts";
import { paramsOf, vectorOf } from "./parameterVector.ts";

/** The synthetic samples of one step, and what the step draws for them. */
export interface Batch {
  /** [n, …]. */
  readonly images: Tensor;
  /** [n, K]. */
  readonly labels: Tensor;
  readonly each?: NamedTensors;
  readonly common?: NamedTensors;
}

/** Derivatives of ⟨∇θL, d⟩, with L the mean loss of a batch. */
export interface Along {
  /** ⟨∇θL, d⟩ itself. */
  readonly value: number;
  /** H d = ∂⟨∇θL, d⟩/∂θ. */
  readonly theta: Float32Array;
  /** ∂⟨∇θL, d⟩/∂images, [n, …]. */
  readonly images: Tensor;
  /** ∂⟨∇θL, d⟩/∂labels, [n, K]. */
  readonly labels: Tensor;
}

/** First and second derivatives of an inner loss's mean over a batch, each compiled once. */
export interface Derivatives {
  gradient(theta: Params, batch: Batch): Promise<{ loss: number; gradient: Float32Array }>;
  along(theta: Params, direction: Float32Array, batch: Batch): Promise<Along>;
  /** H d alone: cheaper than `along`. */
  hessianVector(theta: Params, direction: Float32Array, batch: Batch): Promise<Float32Array>;
  dispose(): void;
}

export interface DerivativesOptions {
  readonly name?: string;
  readonly executor?: Executor;
}

type Samples = { images: Traced; labels: Traced; each: NamedTraced };
/** `share` is one sample's in the mean. */
type First = { params: TracedParams; common: NamedTraced; share: Traced };
type Second = { params: TracedParams; direction: TracedParams; common: NamedTraced; share: Traced };

/**
 * Compiles the derivatives that unrolled and implicit solvers are made of. The second derivative is the gradient of a
 * directional derivative: reverse over forward mode, which needs no transposed weight gradients and yields ⟨∇L, d⟩ on the way.
 */
export function derivativesOf(loss: InnerLoss, options: DerivativesOptions = {}): Derivatives {
  const { name = "inner loss", executor } = options;
  const first = sumOverSamples(
    ({ params, common, share }: First, samples: Samples) => {
      const mean = (p: TracedParams) => loss(p, samples, common).mul(share);
      const [value, [gradient]] = valueAndGradients(mean)(params);
      return { loss: value, gradient };
    },
    { name: `gradient of ${name}`, executor },
  );
  const directional = ({ direction, common, share }: Omit<Second, "params">, p: TracedParams, s: Samples): Traced => {
    const [value, tangent] = alongTangent((q: TracedParams) => loss(q, s, common), p, direction);
    value.dispose();
    return tangent.mul(share);
  };
  const second = sumsAndRows(
    ({ params, ...fixed }: Second, { each, images, labels }: Samples) => {
      const both = (p: TracedParams, x: Traced, y: Traced) => directional(fixed, p, { images: x, labels: y, each });
      const [value, [theta, dx, dy]] = valueAndGradients(both)(params, images, labels);
      return { sums: { value, theta }, rows: { images: dx, labels: dy } };
    },
    { name: `second derivatives of ${name}`, executor },
  );
  const curvature = sumOverSamples(
    ({ params, ...fixed }: Second, samples: Samples) =>
      gradientOf((p: TracedParams) => directional(fixed, p, samples))(params),
    { name: `Hessian-vector product of ${name}`, executor },
  );
  const samplesOf = ({ images, labels, each = {} }: Batch) => ({ images, labels, each });
  const fixedFor = (params: Params, { images, common = {} }: Batch) => ({
    params,
    common,
    share: tensor(1 / images.shape[0]!),
  });
  const towards = (theta: Params, direction: Float32Array, batch: Batch) => ({
    ...fixedFor(theta, batch),
    direction: paramsOf(direction, theta),
  });
  return {
    async gradient(theta, batch) {
      const result = await first(fixedFor(theta, batch), samplesOf(batch), samplesAtATime(batch.images.shape[0]!));
      return { loss: result.loss.item(), gradient: vectorOf(result.gradient) };
    },
    async along(theta, direction, batch) {
      const { sums, rows } = await second(towards(theta, direction, batch), samplesOf(batch));
      return { value: sums.value.item(), theta: vectorOf(sums.theta), ...rows };
    },
    async hessianVector(theta, direction, batch) {
      const part = samplesAtATime(batch.images.shape[0]!);
      const mean = await curvature(towards(theta, direction, batch), samplesOf(batch), part);
      return vectorOf(mean);
    },
    dispose() {
      first.dispose();
      second.dispose();
      curvature.dispose();
    },
  };
}
