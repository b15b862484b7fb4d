import { randomKey } from "../../engine/index.ts";
import type { Params } from "../../hypotheses/index.ts";
import type { Discrepancy, EmpiricalMeasure, Estimate, MeasureContext } from "../discrepancy.ts";
import {
  type BlockMeans,
  defineDiscrepancy,
  distanceOfMeans,
  networkFor,
  overRepeats,
  sampled,
  wholeNumber,
} from "../measures/index.ts";
import { cosineDistance, layerwiseDistance } from "./gradientDistances.ts";
import { meanGradient } from "./meanGradient.ts";

const settings = {
  networks: wholeNumber(3, 1, "randomly initialised networks the distance is averaged over"),
  points: wholeNumber(1000, 0, "points of either set in the mean gradient at most, 0 for all"),
};

const kept = new WeakMap<EmpiricalMeasure, Map<string, Promise<BlockMeans>>>();

/** The mean gradient of a measure at the k-th random network; the three records below share it. */
function gradientAt(measure: EmpiricalMeasure, k: number, context: MeasureContext): [Params, Promise<BlockMeans>] {
  const network = networkFor(measure, context);
  const root = randomKey(context.seed).fold("gradient");
  const params = network.init(root.fold("network").fold(k));
  const sample = sampled(measure, context.settings.points!, root.fold("points"));
  const known = kept.get(sample.measure) ?? new Map<string, Promise<BlockMeans>>();
  kept.set(sample.measure, known);
  const id = JSON.stringify([network.spec, context.seed, k]);
  const gradient = known.get(id) ?? meanGradient(network, params, sample, context.signal);
  known.set(id, gradient);
  gradient.catch(() => known.delete(id));
  return [params, gradient];
}

type Compare = (params: Params, a: BlockMeans, b: BlockMeans) => { value: number; stderr: number };

async function compare(
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  context: MeasureContext,
  distance: Compare,
): Promise<Estimate> {
  const estimates: { value: number; stderr: number }[] = [];
  const { networks, points } = context.settings;
  for (let k = 0; k < networks!; k++) {
    const [params, x] = gradientAt(a, k, context);
    const [, y] = gradientAt(b, k, context);
    estimates.push(distance(params, await x, await y));
  }
  const most = Math.max(a.labels.length, b.labels.length);
  const used = points! > 0 && points! < most ? `${points} points of either` : "all points";
  const { name } = networkFor(a, context).spec;
  return { ...overRepeats(estimates), estimator: `mean over ${networks} random ${name}, ${used}` };
}

/** A distance of the mean gradients themselves: what sampling adds to it is left in, and shrinks with more points. */
const plain =
  (distance: (params: Params, a: Float64Array, b: Float64Array) => number): Compare =>
  (params, a, b) => ({ value: distance(params, a.mean, b.mean), stderr: 0 });

const shared = { reference: "§5.1.4, gradient matching", labelAware: true, needsImages: false, settings };

/** Distances between the mean loss gradients of both measures at random networks (§5.1.4). */
export const gradientDiscrepancies: readonly Discrepancy[] = [
  defineDiscrepancy({
    ...shared,
    name: "gradient",
    title: "Gradient discrepancy",
    formula: "E_θ ‖∇_θ φ(h_θ, μ₁) − ∇_θ φ(h_θ, μ₂)‖₂",
    measure: (a, b, context) => compare(a, b, context, (_params, x, y) => distanceOfMeans(x, y)),
  }),
  defineDiscrepancy({
    ...shared,
    name: "gradient-cosine",
    title: "Gradient discrepancy, cosine",
    formula: "E_θ 1 − cos(∇_θ φ(h_θ, μ₁), ∇_θ φ(h_θ, μ₂))",
    measure: (a, b, context) =>
      compare(
        a,
        b,
        context,
        plain((_params, x, y) => cosineDistance(x, y)),
      ),
  }),
  defineDiscrepancy({
    ...shared,
    name: "gradient-layerwise",
    title: "Gradient discrepancy, layer-wise cosine",
    formula: "E_θ Σ_units 1 − cos(∇_θ φ(h_θ, μ₁), ∇_θ φ(h_θ, μ₂))",
    measure: (a, b, context) => compare(a, b, context, plain(layerwiseDistance)),
  }),
];
