import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";

/** The Gaussian expectations that a ReLU layer makes of a covariance. */
export interface ReluMoments<T> {
  /** E[relu(u) relu(v)], arc-cosine kernel of order 1. */
  readonly value: T;
  /** E[relu′(u) relu′(v)], arc-cosine kernel of order 0. */
  readonly derivative: T;
}

/** 1 − cos² below this is rounding in float32: the two inputs count as parallel. */
const parallel = 4e-6;

/**
 * ReLU moments of centred Gaussians (u, v) with covariance `xy` and variances `xx`, `yy`, broadcast against one another (Cho
 * and Saul 2009). With cos θ = xy / √(xx·yy):
 *
 *   value = √(xx·yy) (sin θ + (π − θ) cos θ) / 2π,  derivative = (π − θ) / 2π.
 *
 * Parallel inputs give the limit θ = 0 with gradient zero through θ, a vanishing variance gives 0. In float32 θ carries an
 * error of about 1e-7 / sin θ. Consumes all three.
 */
export function reluMoments(xy: Traced, xx: Traced, yy: Traced): ReluMoments<Traced> {
  const norm = safeRoot(xx).mul(safeRoot(yy));
  const positive = np.greater(norm.ref, 0);
  const cos = np.clip(xy.div(np.where(positive, norm.ref, 1)), -1, 1);
  const sin2 = np.square(cos.ref).neg().add(1);
  const apart = np.greater(lax.stopGradient(sin2.ref), parallel);
  const sin = np.where(apart.ref, np.sqrt(np.where(apart.ref, sin2, 1)), 0);
  const flat = np.where(np.greater(lax.stopGradient(cos.ref), 0), Math.PI, 0);
  const rest = np.where(apart.ref, np.asin(np.where(apart, cos.ref, 0)).add(Math.PI / 2), flat);
  return {
    value: norm.mul(sin.add(rest.ref.mul(cos))).mul(1 / (2 * Math.PI)),
    derivative: rest.mul(1 / (2 * Math.PI)),
  };
}

/** √x with derivative 0 at 0. */
function safeRoot(x: Traced): Traced {
  const positive = np.greater(lax.stopGradient(x.ref), 0);
  return np.where(positive.ref, np.sqrt(np.where(positive, x, 1)), 0);
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
