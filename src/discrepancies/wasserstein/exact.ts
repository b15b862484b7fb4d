import { Pace } from "../../engine/index.ts";
import { bottleneckDistance } from "./bottleneck.ts";
import { distanceMatrix } from "./ground/distances.ts";
import { type GroundMetric, groundMetric } from "./ground/metric.ts";
import { comparable, type PointMeasure, type WeightedPoints } from "./ground/weightedPoints.ts";
import { type TransportPlan, transportPlan } from "./networkSimplex.ts";
import { checkOrder, root } from "./order.ts";

export interface WassersteinOptions {
  /** Order of the metric, 1 to ∞; 2 when left out. */
  readonly p?: number;
  /** Ground metric: "euclidean" (default), "manhattan", "chebyshev", or a function. */
  readonly metric?: string | GroundMetric;
}

/**
 * WM_p(a, b) = inf over couplings γ of (E_γ d(x, y)^p)^(1/p) (§2), exact: the transport linear programme for p < ∞, the
 * bottleneck problem for p = ∞. Takes seconds for 10⁷ pairs of points.
 *
 * @throws AttarError (exit code 2) for measures that cannot be compared, p < 1, or an unknown metric.
 */
export async function wassersteinDistance(
  a: PointMeasure,
  b: PointMeasure,
  { p = 2, metric }: WassersteinOptions = {},
): Promise<number> {
  checkOrder(p);
  const ground = groundMetric(metric);
  const [x, y] = comparable(a, b);
  return wassersteinBetween(x, y, p, ground);
}

/** {@link wassersteinDistance} of measures already checked. */
export async function wassersteinBetween(
  x: WeightedPoints,
  y: WeightedPoints,
  p: number,
  metric: GroundMetric,
  signal?: AbortSignal,
): Promise<number> {
  const pace = new Pace(signal);
  const distances = await distanceMatrix(x, y, metric);
  if (p === Number.POSITIVE_INFINITY) return bottleneckDistance(distances, x.weights, y.weights, pace);
  return (await wassersteinOf(distances, x.weights, y.weights, p, pace)).value;
}

/** Costs above this many times the bottleneck's are cut to it: an optimal plan that puts mass there would cost more. */
const prohibitive = 1e8;

/** WM_p, p < ∞, and its plan from a matrix of distances, which becomes the matrix of costs. */
export async function wassersteinOf(
  distances: Float64Array,
  a: Float64Array,
  b: Float64Array,
  p: number,
  pace: Pace,
): Promise<{ value: number; plan: TransportPlan }> {
  if (p <= 2) {
    if (p !== 1) for (let k = 0; k < distances.length; k++) distances[k] = distances[k]! ** p;
    const plan = await transportPlan(distances, a, b, pace);
    return { value: root(plan.cost, p), plan };
  }
  // High powers spread over more digits than a float64 has. In units of the bottleneck every plan worth considering
  // costs at most 1.
  const unit = await bottleneckDistance(distances, a, b, pace);
  if (unit > 0)
    for (let k = 0; k < distances.length; k++) distances[k] = Math.min(prohibitive, (distances[k]! / unit) ** p);
  const plan = await transportPlan(distances, a, b, pace);
  return { value: unit * root(plan.cost, p), plan };
}
