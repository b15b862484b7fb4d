import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { givenDerivatives, type PartialDerivative } from "../../engine/index.ts";

/** The Gaussian expectations that a ReLU layer makes of a covariance. */
export interface ReluMoments<T> {
  /** E[relu(u) relu(v)], arc-cosine kernel of order 1. */
  readonly value: T;
  /** E[relu′(u) relu′(v)], arc-cosine kernel of order 0. */
  readonly derivative: T;
}

/** sin² θ below this is rounding in float32: the two inputs count as parallel. */
const parallel = 4e-6;

const perTurn = 1 / (2 * Math.PI);

/**
 * ReLU moments of centred Gaussians (u, v) with covariance `xy` and variances `xx`, `yy`, broadcast against one another (Cho
 * and Saul 2009). With r = √(xx·yy − xy²), which is √(xx·yy) sin θ, and φ = π − θ = π/2 + arctan(xy / r):
 *
 *   value = (r + φ xy) / 2π,  derivative = φ / 2π,
 *
 * whose derivatives are short, though those of r and of the arctangent are not:
 *
 *   ∂(r + φ xy) = φ ∂xy + ½ r (∂ log xx + ∂ log yy),  ∂φ = (∂xy − ½ xy (∂ log xx + ∂ log yy)) / r.
 *
 * Parallel inputs give the limit θ = 0 with gradient zero through θ; variances count as 1e-10 at least. In float32 θ carries an
 * error of about 1e-7 / sin θ. Consumes all three.
 */
export function reluMoments(xy: Traced, xx: Traced, yy: Traced): ReluMoments<Traced> {
  const { r, phi, cotTheta, along } = reluAngle(xy, xx, yy);
  cotTheta.dispose();
  const value = givenDerivatives(r.ref.add(phi.ref.mul(xy.ref)), [xy, phi.ref], ...along(r));
  return { value: value.mul(perTurn), derivative: phi.mul(perTurn) };
}

/**
 * value + derivative · xy of {@link reluMoments}, which the tangent kernel of a first layer is made of:
 *
 *   ∂(r + 2φ xy) = (2φ + xy / r) ∂xy + ½ (r − xy² / r) (∂ log xx + ∂ log yy).
 */
export function reluTangent(xy: Traced, xx: Traced, yy: Traced): Traced {
  const { r, phi, cotTheta, along } = reluAngle(xy, xx, yy);
  const twice = phi.mul(2);
  const sum = r.ref.add(twice.ref.mul(xy.ref));
  const bend = r.sub(cotTheta.ref.mul(xy.ref));
  return givenDerivatives(sum, [xy, twice.add(cotTheta)], ...along(bend)).mul(perTurn);
}

/** sin φ from which on the slope of a tangent kernel grows no more: below, it is rounding in float32. */
const leastSine = 1e-3;

/**
 * The values that reluMoments and reluTangent give for unit vectors, times 2π, as functions of φ (see `AngularForm`): sin φ
 * − φ cos φ with slope φ for the covariance, sin φ − 2φ cos φ with slope 2φ − cot φ for the tangent kernel.
 */
export const reluProfile = {
  nngp(cosine: Traced) {
    const { sine, phi } = opposite(cosine.ref);
    return { value: sine.sub(phi.ref.mul(cosine)), slope: phi };
  },
  ntk(cosine: Traced) {
    const { sine, phi } = opposite(cosine.ref);
    const twice = phi.mul(2);
    const cotangent = cosine.ref.div(np.maximum(sine.ref, leastSine));
    return { value: sine.sub(twice.ref.mul(cosine)), slope: twice.sub(cotangent) };
  },
};

const opposite = (cosine: Traced) => ({
  sine: np.sqrt(np.square(cosine.ref).neg().add(1)),
  phi: np.acos(cosine),
});

/** r, φ, and xy / r with 0 for parallel inputs; `along` has one derivative in ½ log xx and in ½ log yy. */
function reluAngle(xy: Traced, xx: Traced, yy: Traced) {
  const [x, y] = [np.maximum(xx, 1e-10), np.maximum(yy, 1e-10)];
  const logarithms = [x, y].map((v) => np.log(v.ref).mul(0.5));
  const product = x.mul(y);
  const r2 = product.ref.sub(np.square(xy.ref));
  const apart = np.greater(lax.stopGradient(r2.ref), lax.stopGradient(product).mul(parallel)).astype(np.float32);
  const r = np.sqrt(np.maximum(r2.mul(apart.ref), 1e-30));
  const cotTheta = xy.ref.div(r.ref);
  const bounded = cotTheta.ref.mul(apart.ref);
  const along = (d: Traced): PartialDerivative[] => {
    const partials = logarithms.map((l): PartialDerivative => [l.ref, d.ref]);
    d.dispose();
    return partials;
  };
  const phi = givenDerivatives(
    np.atan(cotTheta).add(Math.PI / 2),
    [xy.ref, apart.div(r.ref)],
    ...along(bounded.ref.neg()),
  );
  return { r, phi, cotTheta: bounded, along };
}

/** {@link reluMoments} of one pair in float64. */
export function reluMoments64(xy: number, xx: number, yy: number): ReluMoments<number> {
  const norm = Math.sqrt(xx * yy);
  if (norm === 0) return { value: 0, derivative: 0.25 };
  const cos = Math.min(1, Math.max(-1, xy / norm));
  const rest = Math.PI - Math.acos(cos);
  return {
    value: (norm * (Math.sqrt(1 - cos * cos) + rest * cos)) / (2 * Math.PI),
    derivative: rest / (2 * Math.PI),
  };
}
