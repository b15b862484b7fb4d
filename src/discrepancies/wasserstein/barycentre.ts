import { AttarError, type RandomKey, Tensor } from "../../engine/index.ts";
import { distanceMatrix } from "./ground/distances.ts";
import { euclidean } from "./ground/metric.ts";
import { choose, type PointMeasure, type WeightedPoints, weightedPoints } from "./ground/weightedPoints.ts";
import { type TransportPlan, transportPlan } from "./networkSimplex.ts";

export interface BarycentreOptions {
  /** Draws the starting atoms among the points of the measures. */
  readonly key: RandomKey;
  /** Starting atoms [k, d] instead. */
  readonly start?: Tensor;
  /** Updates of the atoms at most; 100. */
  readonly iterations?: number;
  /** Updates stop once Σ_j ‖Δy_j‖² is at most this share of Σ_j ‖y_j‖²; 1e-10. */
  readonly tolerance?: number;
  /** Share of the way that atoms go to their new place; 1. */
  readonly step?: number;
  /** Steps of mirror descent on the atoms' weights before each update of the atoms; 0 keeps them uniform. */
  readonly weightSteps?: number;
  /** First step size of the mirror descent, for costs in units of the largest; falls as 1/√t. 10, as in WMDD. */
  readonly weightRate?: number;
}

export interface Barycentre {
  /** [k, d], float32. */
  readonly atoms: Tensor;
  readonly weights: Float64Array;
  /** Σ_s λ_s WM_2(μ_s, ν)² of the barycentre ν. */
  readonly cost: number;
  readonly iterations: number;
}

/**
 * The k atoms nearest to a measure in WM_2: its free-support barycentre, the target of WMDD's features (Liu et al. 2023).
 * With uniform weights a balanced k-means quantisation.
 *
 * @param points [n, d]. @param weights n weights; uniform when undefined.
 * @throws AttarError (exit code 2) for points that are none, or k outside 1 … n.
 */
export function freeSupportBarycentre(
  points: Tensor,
  weights: Float64Array | undefined,
  k: number,
  options: BarycentreOptions,
): Promise<Barycentre> {
  return barycentreOf([{ points, ...(weights && { weights }) }], [1], k, options);
}

/**
 * min over ν of k atoms of Σ_s λ_s WM_2(μ_s, ν)², by the fixed point of Cuturi and Doucet (2014, algorithm 2): transport
 * every measure to the atoms, then move each atom to the mean of the mass it received.
 */
export async function barycentreOf(
  measures: readonly PointMeasure[],
  shares: readonly number[],
  k: number,
  options: BarycentreOptions,
): Promise<Barycentre> {
  const { iterations = 100, tolerance = 1e-10, step = 1, weightSteps = 0, weightRate = 10 } = options;
  const given = measures.map((m) => weightedPoints(m));
  const d = given[0]!.dimension;
  const most = given.reduce((s, { count }) => s + count, 0);
  if (!Number.isSafeInteger(k) || k < 1 || k > most)
    throw new AttarError(
      "bad-option",
      `a barycentre has 1 to ${most} atoms here, asked for ${k}`,
      `use ${most} or less`,
    );
  if (given.some((m) => m.dimension !== d) || (options.start && options.start.data.length !== k * d))
    throw new AttarError("shape-mismatch", `measures and starting atoms differ in their dimension`, "make them match");
  let atoms = startingAtoms(given, k, options);
  let best: Barycentre | undefined;
  let settled = false;
  for (let round = 1; ; round++) {
    let plans = await plansTo(atoms, given);
    let cost = total(plans, shares);
    let { weights } = atoms;
    let latest = plans;
    for (let w = 0; w < weightSteps; w++) {
      weights = mirrorStep(weights, latest, shares, weightRate / Math.sqrt(w + 1));
      latest = await plansTo({ ...atoms, weights }, given);
      // The cost is piecewise linear in the weights: not every step along a subgradient lowers it.
      if (total(latest, shares) >= cost) continue;
      plans = latest;
      cost = total(plans, shares);
      atoms = { ...atoms, weights };
    }
    if (!best || cost < best.cost)
      best = { atoms: new Tensor(atoms.data, [k, d], "float32"), weights: atoms.weights, cost, iterations: round };
    if (settled || round > iterations) return best;
    const data = moved(given, shares, atoms, plans, step);
    let change = 0;
    let size = 0;
    for (let e = 0; e < data.length; e++) {
      change += (data[e]! - atoms.data[e]!) ** 2;
      size += data[e]! ** 2;
    }
    settled = change <= tolerance * size && weightSteps === 0;
    atoms = { ...atoms, data };
  }
}

const total = (solved: readonly Solved[], shares: readonly number[]) =>
  solved.reduce((s, { plan }, i) => s + shares[i]! * plan.cost, 0);

/** The transport of one measure to the atoms, and its largest cost. */
interface Solved {
  readonly plan: TransportPlan;
  readonly largest: number;
}

async function plansTo(atoms: WeightedPoints, measures: readonly WeightedPoints[]): Promise<Solved[]> {
  const solved: Solved[] = [];
  for (const measure of measures) {
    const cost = await distanceMatrix(measure, atoms, euclidean);
    let largest = 0;
    for (let e = 0; e < cost.length; e++) {
      cost[e] = cost[e]! * cost[e]!;
      if (cost[e]! > largest) largest = cost[e]!;
    }
    solved.push({ plan: await transportPlan(cost, measure.weights, atoms.weights), largest });
  }
  return solved;
}

/** b_j ← b_j exp(−rate · Σ_s λ_s v_sj / max C_s), brought to sum 1: the potential v is the cost's derivative in b. */
function mirrorStep(b: Float64Array, solved: readonly Solved[], shares: readonly number[], rate: number): Float64Array {
  const slope = new Float64Array(b.length);
  for (const [s, { plan, largest }] of solved.entries())
    for (let j = 0; j < b.length; j++) slope[j] = slope[j]! + (shares[s]! * plan.v[j]!) / (largest || 1);
  const least = slope.reduce((l, v) => Math.min(l, v), Number.POSITIVE_INFINITY);
  // An atom never loses all its mass: one without any receives nothing to move by.
  const next = b.map((w, j) => Math.max(w * Math.exp(-rate * (slope[j]! - least)), 1e-12));
  const total = next.reduce((s, w) => s + w, 0);
  return next.map((w) => w / total);
}

/** Every atom moved towards Σ_s λ_s Σ_i γ_sij x_si / b_j. */
function moved(
  measures: readonly WeightedPoints[],
  shares: readonly number[],
  atoms: WeightedPoints,
  solved: readonly Solved[],
  step: number,
): Float32Array {
  const { dimension: d, weights } = atoms;
  const target = new Float64Array(atoms.data.length);
  for (const [s, { plan }] of solved.entries()) {
    const { data } = measures[s]!;
    for (let e = 0; e < plan.mass.length; e++) {
      const [i, j] = [plan.rows[e]!, plan.columns[e]!];
      const share = (shares[s]! * plan.mass[e]!) / weights[j]!;
      for (let q = 0; q < d; q++) target[j * d + q] = target[j * d + q]! + share * data[i * d + q]!;
    }
  }
  return atoms.data.map((old, e) => old + step * (target[e]! - old));
}

function startingAtoms(measures: readonly WeightedPoints[], k: number, options: BarycentreOptions): WeightedPoints {
  const { dimension } = measures[0]!;
  const weights = new Float64Array(k).fill(1 / k);
  if (options.start)
    return weightedPoints({ points: options.start.reshape([k, dimension]), name: "the starting atoms" });
  const all = measures.flatMap((m, s) => Array.from({ length: m.count }, (_, i) => [s, i] as const));
  const drawn = Array.from(options.key.permutation(all.length, k), (at) => all[at]!);
  const data = new Float32Array(k * dimension);
  for (const [at, [s, i]] of drawn.entries()) data.set(choose(measures[s]!, [i]).data, at * dimension);
  return { ...measures[0]!, data, count: k, weights, uniform: true, name: "the atoms" };
}
