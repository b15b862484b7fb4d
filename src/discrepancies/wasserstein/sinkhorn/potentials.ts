import type { GroundMetric } from "../ground/metric.ts";
import { choose, type WeightedPoints } from "../ground/weightedPoints.ts";
import { type Softmin, softminBetween } from "./softmin.ts";

/** Dual potentials of entropic transport. */
export interface Potentials {
  readonly f: Float64Array;
  readonly g: Float64Array;
  /** ⟨a, f⟩ + ⟨b, g⟩ with f the half step of g: a lower bound of OT_ε, equal to it at convergence. */
  readonly value: number;
  readonly iterations: number;
  /** Σ_i |Σ_j P_ij − a_i| of the last plan whose columns are exact. */
  readonly marginalError: number;
}

export interface Stopping {
  /** Iterations stop at this marginal error, or where rounding hides it (5e-4 for large sets); 1e-6. */
  readonly tolerance?: number;
  /** The number of iterations after which it stops all the same; 1000. */
  readonly most?: number;
  readonly signal?: AbortSignal;
}

/** ε falls by this factor from iteration to iteration until it is the one asked for (Schmitzer 2019). */
const cooling = 0.7;

/** Points of either side from which a large problem gets its first potentials. */
const coarse = 1000;

/**
 * Sinkhorn's algorithm in the log domain with ε-scaling: OT_ε(a, b) = min_γ ⟨C, γ⟩ + ε KL(γ | a ⊗ b). Large problems
 * start from the potentials of a regular subsample, extended to all points by one half step.
 */
export async function potentialsBetween(
  x: WeightedPoints,
  y: WeightedPoints,
  p: number,
  metric: GroundMetric,
  epsilon: number,
  stopping: Stopping = {},
): Promise<Potentials> {
  const step = await softminBetween(x, y, p, metric);
  if (x.count * y.count <= 2 * coarse * coarse)
    return alternate(step, x, y, epsilon, stopping, { first: largestCost(x, y, p, metric) });
  const few = every(x, coarse);
  const start = await potentialsBetween(few, every(y, coarse), p, metric, epsilon, { ...stopping, tolerance: 1e-3 });
  const g = await (await softminBetween(few, y, p, metric)).columns(start.f, epsilon);
  return alternate(step, x, y, epsilon, stopping, { g });
}

/** The potential of OT_ε(a, a), one function for both sides, by averaged iterations, which converge fast. */
export async function selfPotential(
  x: WeightedPoints,
  p: number,
  metric: GroundMetric,
  epsilon: number,
  stopping: Stopping = {},
): Promise<Potentials> {
  const step = await softminBetween(x, x, p, metric);
  if (x.count <= 1.5 * coarse) return average(step, x, epsilon, stopping, { first: largestCost(x, x, p, metric) });
  const few = every(x, coarse);
  const start = await selfPotential(few, p, metric, epsilon, { ...stopping, tolerance: 1e-3 });
  const f = await (await softminBetween(few, x, p, metric)).columns(start.f, epsilon);
  return average(step, x, epsilon, stopping, { f });
}

async function alternate(
  step: Softmin,
  x: WeightedPoints,
  y: WeightedPoints,
  epsilon: number,
  { tolerance = 1e-6, most = 1000, signal }: Stopping,
  { g = new Float64Array(y.count), first = epsilon }: { g?: Float64Array; first?: number },
): Promise<Potentials> {
  let current = Math.max(epsilon, first);
  let f = await step.rows(g, current);
  for (let iterations = 1; ; iterations++) {
    signal?.throwIfAborted();
    g = await step.columns(f, current);
    const next = await step.rows(g, current);
    const settled = current === epsilon;
    const marginalError = deviation(f, next, x.weights, current);
    f = next;
    if (settled && (marginalError <= Math.max(tolerance, step.precision) || iterations >= most))
      return { f, g, value: dot(x.weights, f) + dot(y.weights, g), iterations, marginalError };
    current = Math.max(epsilon, current * cooling);
  }
}

async function average(
  step: Softmin,
  x: WeightedPoints,
  epsilon: number,
  { tolerance = 1e-6, most = 1000, signal }: Stopping,
  { f = new Float64Array(x.count), first = epsilon }: { f?: Float64Array; first?: number },
): Promise<Potentials> {
  let current = Math.max(epsilon, first);
  for (let iterations = 1; ; iterations++) {
    signal?.throwIfAborted();
    const next = await step.rows(f, current);
    const marginalError = deviation(f, next, x.weights, current);
    const settled = current === epsilon;
    if (settled && (marginalError <= Math.max(tolerance, step.precision) || iterations >= most))
      return { f: next, g: f, value: dot(x.weights, f) + dot(x.weights, next), iterations, marginalError };
    f = f.map((v, i) => (v + next[i]!) / 2);
    current = Math.max(epsilon, current * cooling);
  }
}

/** Σ_i a_i |exp((f_i − f'_i)/ε) − 1|, f' the half step after f: how far the rows of the plan are from a. */
function deviation(f: Float64Array, next: Float64Array, a: Float64Array, epsilon: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * Math.abs(Math.expm1((f[i]! - next[i]!) / epsilon));
  return sum;
}

/** The ε at which ε-scaling starts: the largest cost among some pairs. */
function largestCost(x: WeightedPoints, y: WeightedPoints, p: number, metric: GroundMetric): number {
  const [u, v] = [every(x, 40), every(y, 40)];
  let largest = 0;
  for (let i = 0; i < u.count; i++)
    for (let j = 0; j < v.count; j++) largest = Math.max(largest, metric(u.data, i, v.data, j, u.dimension));
  return largest ** p;
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((s, v, i) => s + v * b[i]!, 0);

/** About `count` points at equal steps; all of them where there are no more. */
function every(x: WeightedPoints, count: number): WeightedPoints {
  if (x.count <= count) return x;
  return choose(
    x,
    Array.from({ length: count }, (_, k) => Math.floor((k * x.count) / count)),
  );
}
