import { randomKey } from "../../engine/index.ts";
import type { Discrepancy, EmpiricalMeasure, Estimate, MeasureContext } from "../discrepancy.ts";
import {
  defineDiscrepancy,
  distanceOfMeans,
  networkFor,
  overRepeats,
  rememberPair,
  type Sampled,
  sampled,
  wholeNumber,
} from "../measures/index.ts";
import { cosineDistance, layerwiseDistance } from "./gradientDistances.ts";
import { meanGradient } from "./meanGradient.ts";

const settings = {
  networks: wholeNumber(3, 1, "randomly initialised networks the distance is averaged over"),
  points: wholeNumber(1000, 0, "points of either set in the mean gradient at most, 0 for all"),
};

type Reading = { readonly value: number; readonly stderr: number };
/** All three distances at one network; the gradients themselves are as large as the network and not kept. */
type Distances = { readonly l2: Reading; readonly cosine: Reading; readonly layerwise: Reading };

const remembered = rememberPair<Distances[]>();

function distancesFor(a: EmpiricalMeasure, b: EmpiricalMeasure, context: MeasureContext): Promise<Distances[]> {
  const { seed, settings, signal } = context;
  const { networks, points } = settings as Record<string, number>;
  const network = networkFor(a, context);
  const root = randomKey(seed).fold("gradient");
  return remembered(a, b, JSON.stringify([network.spec, seed, networks, points]), async () => {
    const [x, y] = [a, b].map((side) => sampled(side, points!, root.fold("points"))) as [Sampled, Sampled];
    const all: Distances[] = [];
    for (let k = 0; k < networks!; k++) {
      const params = network.init(root.fold("network").fold(k));
      const f = await meanGradient(network, params, x, signal);
      const g = await meanGradient(network, params, y, signal);
      // What sampling adds to the cosines is left in; it shrinks with more points, and how large it is is not known.
      const stderr = x.share < 1 || y.share < 1 ? Number.NaN : 0;
      all.push({
        l2: distanceOfMeans(f, g),
        cosine: { value: cosineDistance(f.mean, g.mean), stderr },
        layerwise: { value: layerwiseDistance(params, f.mean, g.mean), stderr },
      });
    }
    return all;
  });
}

async function compare(
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  context: MeasureContext,
  which: keyof Distances,
): Promise<Estimate> {
  const all = await distancesFor(a, b, context);
  const points = context.settings.points!;
  const proper = points > 0 && points < Math.max(a.labels.length, b.labels.length);
  const over = proper ? `at most ${points} points of either` : "all points";
  const bias = !proper ? "" : which === "l2" ? ", bias removed" : ", not corrected for it";
  const { name } = networkFor(a, context).spec;
  return {
    ...overRepeats(all.map((distances) => distances[which])),
    estimator: `mean over ${all.length} random ${name}, ${over}${bias}`,
  };
}

const shared = { reference: "§5.1.4, gradient matching", labelAware: true, needsImages: false, settings };

/** Distances between the mean loss gradients of both measures at random networks (§5.1.4). */
export const gradientDiscrepancies: readonly Discrepancy[] = [
  defineDiscrepancy({
    ...shared,
    name: "gradient",
    title: "Gradient discrepancy",
    formula: "E_θ ‖∇_θ φ(h_θ, μ₁) − ∇_θ φ(h_θ, μ₂)‖₂",
    measure: (a, b, context) => compare(a, b, context, "l2"),
  }),
  defineDiscrepancy({
    ...shared,
    name: "gradient-cosine",
    title: "Gradient discrepancy, cosine",
    formula: "E_θ 1 − cos(∇_θ φ(h_θ, μ₁), ∇_θ φ(h_θ, μ₂))",
    measure: (a, b, context) => compare(a, b, context, "cosine"),
  }),
  defineDiscrepancy({
    ...shared,
    name: "gradient-layerwise",
    title: "Gradient discrepancy, layer-wise cosine",
    formula: "E_θ Σ_units 1 − cos(∇_θ φ(h_θ, μ₁), ∇_θ φ(h_θ, μ₂))",
    measure: (a, b, context) => compare(a, b, context, "layerwise"),
  }),
];
