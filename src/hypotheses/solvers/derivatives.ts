import { grad, jvp, type Array as Traced, valueAndGrad } from "@jax-js/jax";
import { type Executor, partOf, sumOverSamples, sumsAndRows, type Tensor, tensor } from "../../engine/index.ts";
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
      const [value, gradient] = valueAndGrad(mean)(params as never);
      return { loss: value as Traced, gradient: gradient as unknown as TracedParams };
    },
    { name: `gradient of ${name}`, executor },
  );
  const directional = ({ direction, common, share }: Omit<Second, "params">, p: TracedParams, s: Samples): Traced => {
    const [value, tangent] = jvp((q: TracedParams) => loss(q, s, common), [p as never], [direction as never]);
    (value as unknown as Traced).dispose();
    return (tangent as unknown as Traced).mul(share);
  };
  const second = sumsAndRows(
    ({ params, ...fixed }: Second, { each, images, labels }: Samples) => {
      const both = (p: TracedParams, x: Traced, y: Traced) => directional(fixed, p, { images: x, labels: y, each });
      const [value, [theta, dx, dy]] = valueAndGrad(both as never, { argnums: [0, 1, 2] })(
        ...([params, images, labels] as never),
      ) as unknown as [Traced, [TracedParams, Traced, Traced]];
      return { sums: { value, theta }, rows: { images: dx, labels: dy } };
    },
    { name: `second derivatives of ${name}`, executor },
  );
  const curvature = sumOverSamples(
    ({ params, ...fixed }: Second, samples: Samples) =>
      grad((p: TracedParams) => directional(fixed, p, samples))(params as never) as unknown as TracedParams,
    { name: `Hessian-vector product of ${name}`, executor },
  );
  const samplesOf = ({ images, labels, each = {} }: Batch) => ({ images, labels, each }) as never;
  const fixedFor = (theta: Params, batch: Batch, direction?: Float32Array) => {
    const share = tensor(1 / batch.images.shape[0]!);
    const fixed = { params: theta, common: batch.common ?? {}, share };
    return (direction ? { ...fixed, direction: paramsOf(direction, theta) } : fixed) as never;
  };
  return {
    async gradient(theta, batch) {
      const result = await first(fixedFor(theta, batch), samplesOf(batch), partOf(batch.images.shape[0]!));
      const { loss: mean, gradient } = result as unknown as { loss: Tensor; gradient: Params };
      return { loss: mean.item(), gradient: vectorOf(gradient) };
    },
    async along(theta, direction, batch) {
      const { sums, rows } = await second(fixedFor(theta, batch, direction), samplesOf(batch));
      const { value, theta: curved } = sums as unknown as { value: Tensor; theta: Params };
      const { images, labels } = rows as unknown as { images: Tensor; labels: Tensor };
      return { value: value.item(), theta: vectorOf(curved), images, labels };
    },
    async hessianVector(theta, direction, batch) {
      const part = partOf(batch.images.shape[0]!);
      const mean = await curvature(fixedFor(theta, batch, direction), samplesOf(batch), part);
      return vectorOf(mean as unknown as Params);
    },
    dispose() {
      first.dispose();
      second.dispose();
      curvature.dispose();
    },
  };
}
