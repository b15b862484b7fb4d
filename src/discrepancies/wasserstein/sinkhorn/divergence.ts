import { AttarError } from "../../../engine/index.ts";
import { distanceMatrix } from "../ground/distances.ts";
import { euclidean, type GroundMetric, groundMetric } from "../ground/metric.ts";
import { comparable, type PointMeasure, type WeightedPoints } from "../ground/weightedPoints.ts";
import { checkOrder } from "../order.ts";
import { type Potentials, potentialsBetween, type Stopping, selfPotential } from "./potentials.ts";

export interface SinkhornOptions extends Stopping {
  /** Costs are d^p; 2. */
  readonly p?: number;
  /** Regularisation ε > 0, in units of d^p. */
  readonly epsilon: number;
  readonly metric?: string | GroundMetric;
}

/** The transport that was computed, and how far the iterations came. */
export interface EntropicTransport {
  /** S_ε(a, b) = OT_ε(a, b) − OT_ε(a, a)/2 − OT_ε(b, b)/2, zero from a measure to itself; tends to WM_p^p as ε → 0. */
  readonly divergence: number;
  /** OT_ε(a, b) = min_γ ⟨C, γ⟩ + ε KL(γ | a ⊗ b). */
  readonly transport: number;
  /** Sinkhorn iterations over all points, of the three problems. */
  readonly iterations: number;
  /** The largest marginal error of the three problems. */
  readonly marginalError: number;
}

/**
 * Debiased entropic transport (Feydy et al. 2019) between two measures. Memory is bounded by blocks of points: no matrix
 * of costs is kept for large sets.
 *
 * @throws AttarError (exit code 2) for measures that cannot be compared, p < 1, ε <= 0, or an unknown metric.
 */
export async function entropicTransport(
  a: PointMeasure,
  b: PointMeasure,
  options: SinkhornOptions,
): Promise<EntropicTransport> {
  const [x, y] = comparable(a, b);
  return entropicBetween(x, y, options);
}

/** {@link entropicTransport} of measures already checked. */
export async function entropicBetween(
  x: WeightedPoints,
  y: WeightedPoints,
  options: SinkhornOptions,
): Promise<EntropicTransport> {
  const { xy, xx, yy } = await solve(x, y, options);
  const divergence = xy.value - (xx.value + yy.value) / 2;
  const all = [xy, xx, yy];
  return {
    divergence,
    transport: xy.value,
    iterations: all.reduce((s, { iterations }) => s + iterations, 0),
    marginalError: Math.max(...all.map(({ marginalError }) => marginalError)),
  };
}

async function solve(x: WeightedPoints, y: WeightedPoints, { p = 2, epsilon, metric, ...stopping }: SinkhornOptions) {
  checkOrder(p);
  checkEpsilon(epsilon);
  const ground = groundMetric(metric);
  const xx = await selfPotential(x, p, ground, epsilon, stopping);
  if (same(x, y)) return { xy: xx, xx, yy: xx };
  const xy = await potentialsBetween(x, y, p, ground, epsilon, stopping);
  const yy = await selfPotential(y, p, ground, epsilon, stopping);
  return { xy, xx, yy };
}

/** Tells whether two measures are written down alike: then one problem is all three. */
function same(x: WeightedPoints, y: WeightedPoints): boolean {
  if (x.count !== y.count) return false;
  return x.weights.every((w, i) => w === y.weights[i]) && x.data.every((v, k) => v === y.data[k]);
}

/** @throws AttarError "bad-option" (exit code 2) */
export function checkEpsilon(epsilon: number): void {
  if (epsilon > 0 && epsilon < Number.POSITIVE_INFINITY) return;
  throw new AttarError(
    "bad-option",
    `the regularisation ε must be a number above 0, got ${epsilon}`,
    "for example 0.05",
  );
}

/**
 * ∂S_ε(a, b)/∂x of the points of a, Euclidean ground metric, by the envelope theorem: potentials at their optimum do not
 * move, so the gradient is Σ_j P_ij ∇C(x_i, y_j) − Σ_k P^aa_ik ∇C(x_i, x_k). Exact at convergence; float64 on the host.
 *
 * @returns [n, d], row-major.
 */
export async function sinkhornGradient(
  a: PointMeasure,
  b: PointMeasure,
  options: Omit<SinkhornOptions, "metric">,
): Promise<Float64Array> {
  const [x, y] = comparable(a, b);
  const { p = 2, epsilon } = options;
  const { xy, xx } = await solve(x, y, options);
  const out = new Float64Array(x.count * x.dimension);
  await addCostGradient(out, x, y, xy, p, epsilon, 1);
  await addCostGradient(out, x, x, xx, p, epsilon, -1);
  return out;
}

/** out_i += sign · Σ_j P_ij ∇_x ‖x_i − y_j‖^p with P_ij = a_i b_j exp((f_i + g_j − C_ij)/ε) */
async function addCostGradient(
  out: Float64Array,
  x: WeightedPoints,
  y: WeightedPoints,
  { f, g }: Potentials,
  p: number,
  epsilon: number,
  sign: number,
): Promise<void> {
  const { count: n, dimension: d } = x;
  const distances = await distanceMatrix(x, y, euclidean);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < y.count; j++) {
      const far = distances[i * y.count + j]!;
      if (far === 0) continue; // where p = 1 has a kink, its symmetric subgradient
      const plan = x.weights[i]! * y.weights[j]! * Math.exp((f[i]! + g[j]! - far ** p) / epsilon);
      const pull = sign * plan * p * far ** (p - 2);
      for (let k = 0; k < d; k++) out[i * d + k] = out[i * d + k]! + pull * (x.data[i * d + k]! - y.data[j * d + k]!);
    }
}
