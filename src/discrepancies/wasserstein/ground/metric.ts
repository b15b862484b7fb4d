import { AttarError, nearest } from "../../../engine/index.ts";
import { squaredDistance } from "../../squaredDistance.ts";

/**
 * A distance between row i of x and row j of y, rows of length d. One that exceeds `bound` may be returned as any number
 * above it, so that a search for the nearest row can stop early.
 */
export type GroundMetric = (
  x: Float32Array,
  i: number,
  y: Float32Array,
  j: number,
  d: number,
  bound?: number,
) => number;

const infinity = Number.POSITIVE_INFINITY;

/** ‖x_i − y_j‖₂ in float64. */
export const euclidean: GroundMetric = (x, i, y, j, d, bound = infinity) =>
  Math.sqrt(squaredDistance(x, i, y, j, d, bound * bound));

/** ‖x_i − y_j‖₁ */
const manhattan: GroundMetric = (x, i, y, j, d, bound = infinity) => {
  let sum = 0;
  for (let p = i * d, q = j * d, end = p + d; p < end && sum <= bound; p++, q++) sum += Math.abs(x[p]! - y[q]!);
  return sum;
};

/** ‖x_i − y_j‖∞ */
const chebyshev: GroundMetric = (x, i, y, j, d, bound = infinity) => {
  let most = 0;
  for (let p = i * d, q = j * d, end = p + d; p < end && most <= bound; p++, q++)
    most = Math.max(most, Math.abs(x[p]! - y[q]!));
  return most;
};

const metrics: Readonly<Record<string, GroundMetric>> = { euclidean, manhattan, chebyshev };

/**
 * A metric by its name, or itself.
 *
 * @throws AttarError "unknown-metric" (exit code 2)
 */
export function groundMetric(metric: string | GroundMetric = euclidean): GroundMetric {
  if (typeof metric === "function") return metric;
  if (Object.hasOwn(metrics, metric)) return metrics[metric]!;
  const near = nearest(metric, Object.keys(metrics));
  throw new AttarError(
    "unknown-metric",
    `there is no ground metric named "${metric}"`,
    near ? `did you mean ${near}?` : `use one of ${Object.keys(metrics).join(", ")}`,
  );
}
