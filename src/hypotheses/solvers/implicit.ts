import { Tensor } from "../../engine/index.ts";
import type { Params } from "../network.ts";
import { type ConjugateGradientOptions, conjugateGradient, type LinearSolution } from "./conjugateGradient.ts";
import { type Batch, type DerivativesOptions, derivativesOf } from "./derivatives.ts";
import type { InnerLoss } from "./innerLoss.ts";
import { type NeumannOptions, neumannSeries } from "./neumannSeries.ts";
import { addScaled, paramsOf, vectorOf } from "./parameterVector.ts";

/** The way in which the system H v = g is solved. */
export type InverseHessian =
  | ({ readonly by: "conjugate-gradient" } & ConjugateGradientOptions)
  | ({ readonly by: "neumann" } & NeumannOptions);

export interface ImplicitOptions extends DerivativesOptions {
  /** λ of the inner problem's λ/2 ‖θ‖²; 0. */
  readonly weightDecay?: number;
  /** Added to the Hessian's diagonal besides; 0. */
  readonly damping?: number;
  readonly inverse?: InverseHessian;
}

export interface ImplicitGradient {
  /** [M, …]. */
  readonly images: Tensor;
  /** [M, K]. */
  readonly labels: Tensor;
  /** v = H⁻¹ g. */
  readonly inverse: Params;
  readonly residual: number;
  readonly iterations: number;
}

/** Differentiates the minimiser of an inner problem by its optimality condition, however it was found. */
export interface Implicit {
  /**
   * The derivative of a value of θ*(S) = argmin of the batch's mean loss plus λ/2 ‖θ‖², from the value's cotangent:
   * −∂⟨∇θL(θ*, S), v⟩/∂S with H v = cotangent (§5.1.1, CIG). Right only as far as θ is the minimiser.
   */
  pullback(theta: Params, batch: Batch, cotangent: Params): Promise<ImplicitGradient>;
  dispose(): void;
}

export function implicit(loss: InnerLoss, options: ImplicitOptions = {}): Implicit {
  const { weightDecay = 0, damping = 0, inverse = { by: "conjugate-gradient" } } = options;
  const derivatives = derivativesOf(loss, options);
  const ridge = weightDecay + damping;
  return {
    async pullback(theta, batch, cotangent) {
      const hessian = async (v: Float32Array): Promise<Float32Array> => {
        const product = await derivatives.hessianVector(theta, v, batch);
        if (ridge !== 0) addScaled(product, v, ridge);
        return product;
      };
      const { solution, residual, iterations } = await solve(hessian, vectorOf(cotangent), inverse);
      const { images, labels } = await derivatives.along(theta, solution, batch);
      return {
        images: negated(images),
        labels: negated(labels),
        inverse: paramsOf(solution, theta),
        residual,
        iterations,
      };
    },
    dispose: () => derivatives.dispose(),
  };
}

function solve(
  hessian: (v: Float32Array) => Promise<Float32Array>,
  b: Float32Array,
  inverse: InverseHessian,
): Promise<LinearSolution> {
  return inverse.by === "neumann" ? neumannSeries(hessian, b, inverse) : conjugateGradient(hessian, b, inverse);
}

const negated = ({ data, shape }: Tensor): Tensor =>
  new Tensor(
    (data as Float32Array).map((v) => -v),
    shape,
    "float32",
  );
