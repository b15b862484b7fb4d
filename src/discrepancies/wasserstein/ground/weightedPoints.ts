import { AttarError, size, type Tensor } from "../../../engine/index.ts";

/** A discrete measure Σ_i w_i δ_(x_i); every EmpiricalMeasure is one. */
export interface PointMeasure {
  /** [n, …]; what follows the first axis is one point. */
  readonly points: Tensor;
  /** n non-negative weights, brought to sum 1 here; 1/n each when left out. */
  readonly weights?: Float64Array;
  /** Errors name it. */
  readonly name?: string;
}

/** The support of a measure as rows, each with positive weight, the weights of sum 1. */
export interface WeightedPoints {
  /** [count, dimension], row-major. */
  readonly data: Float32Array;
  readonly count: number;
  readonly dimension: number;
  readonly weights: Float64Array;
  readonly uniform: boolean;
  readonly name: string;
}

/**
 * Checks a measure and flattens its points; atoms without mass are left out.
 *
 * @throws AttarError "bad-points" (exit code 2) where there is no point, or one is not finite, or a weight is unusable.
 */
export function weightedPoints({ points, weights, name = "a measure" }: PointMeasure): WeightedPoints {
  const count = points.shape[0] ?? 0;
  const dimension = size(points.shape.slice(1));
  const fail = (what: string, hint: string): never => {
    throw new AttarError("bad-points", `${name} ${what}`, hint);
  };
  if (count === 0 || dimension === 0) fail("has no points", "measure a set with at least one sample");
  const data = points.data instanceof Float32Array ? points.data : Float32Array.from(points.data);
  const bad = data.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0)
    fail(`has a coordinate that is not finite: ${data[bad]} in sample ${Math.floor(bad / dimension)}`, "remove it");
  if (!weights)
    return { data, count, dimension, weights: new Float64Array(count).fill(1 / count), uniform: true, name };
  if (weights.length !== count)
    fail(`has ${weights.length} weights for ${count} points`, "give every point one weight");
  if (weights.some((w) => !(w >= 0 && w < Number.POSITIVE_INFINITY)))
    fail("has a weight that is negative or not finite", "weights are at least 0");
  const total = weights.reduce((s, w) => s + w, 0);
  if (!(total > 0)) fail("has no mass: all its weights are 0", "give some point a positive weight");
  const kept = Array.from(weights.keys()).filter((i) => weights[i]! > 0);
  const whole = { data, count, dimension, weights, uniform: weights.every((w) => w === weights[0]), name };
  const support = kept.length === count ? whole : choose(whole, kept);
  return { ...support, weights: support.weights.map((w) => w / total) };
}

/** Some of the points, their weights brought to sum 1. */
export function choose(from: WeightedPoints, positions: ArrayLike<number>): WeightedPoints {
  const { dimension: d } = from;
  const count = positions.length;
  const data = new Float32Array(count * d);
  const weights = new Float64Array(count);
  let total = 0;
  for (let k = 0; k < count; k++) {
    const i = positions[k]!;
    data.set(from.data.subarray(i * d, (i + 1) * d), k * d);
    weights[k] = from.weights[i]!;
    total += weights[k]!;
  }
  return { ...from, data, count, weights: weights.map((w) => w / total) };
}

/**
 * Both measures checked and found to have points of one size.
 *
 * @throws AttarError "shape-mismatch" (exit code 2)
 */
export function comparable(a: PointMeasure, b: PointMeasure): [WeightedPoints, WeightedPoints] {
  const x = weightedPoints({ name: "the first measure", ...a });
  const y = weightedPoints({ name: "the second measure", ...b });
  if (x.dimension !== y.dimension)
    throw new AttarError(
      "shape-mismatch",
      `${x.name} has points of ${x.dimension} coordinates (${a.points.shape.slice(1).join("x")}), ` +
        `${y.name} of ${y.dimension} (${b.points.shape.slice(1).join("x")})`,
      "measure two sets of one shape, or encode both",
    );
  return [x, y];
}
