import type { Array as Traced } from "@jax-js/jax";
import { AttarError, choice, type Resolved, randomKey, work } from "../../engine/index.ts";
import type { TracedParams } from "../../hypotheses/index.ts";
import {
  type Discrepancy,
  type EmpiricalMeasure,
  type Estimate,
  type MeasureContext,
  measured,
} from "../discrepancy.ts";
import {
  distanceOfMeans,
  networkFor,
  overRepeats,
  rememberPair,
  type Sampled,
  sampled,
  wholeNumber,
} from "../measures/index.ts";
import { type Tree, traced } from "../traced.ts";
import { convolutionL1, convolutionSquared } from "./convolutionDifference.ts";
import { globalCosine } from "./globalCosine.ts";
import { convolutionDistance, cosineDistance, layerwiseDistance } from "./gradientDistances.ts";
import { layerwiseCosine } from "./layerwiseCosine.ts";
import { meanGradient } from "./meanGradient.ts";

const sampling = {
  networks: wholeNumber(3, 1, "randomly initialised networks the distance is averaged over"),
  points: wholeNumber(1000, 0, "points of either set in the mean gradient at most, 0 for all"),
};

type Reading = { readonly value: number; readonly stderr: number };
/** All distances at one network; the gradients themselves are as large as the network and not kept. */
type Distances = Readonly<Record<"l2" | "cosine" | "layerwise" | "squaredConvolutions" | "l1Convolutions", Reading>>;

const remembered = rememberPair<Distances[]>();

function distancesFor(
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  { networks, points }: Resolved<typeof sampling>,
  context: MeasureContext,
): Promise<Distances[]> {
  const { seed, signal } = context;
  const network = networkFor(a, context);
  const root = randomKey(seed).fold("gradient");
  return remembered(a, b, JSON.stringify([network.spec, seed, networks, points]), async () => {
    const [x, y] = [a, b].map((side) => sampled(side, points, root.fold("points"))) as [Sampled, Sampled];
    const all: Distances[] = [];
    for (let k = 0; k < networks; k++) {
      const params = network.init(root.fold("network").fold(k));
      const f = await meanGradient(network, params, x, signal);
      const g = await meanGradient(network, params, y, signal);
      // What sampling adds to all but the L2 distance is left in; it shrinks with more points, and how large it is is not known.
      const stderr = x.share < 1 || y.share < 1 ? Number.NaN : 0;
      const known = (value: number): Reading => ({ value, stderr });
      all.push({
        l2: distanceOfMeans(f, g),
        cosine: known(cosineDistance(f.mean, g.mean)),
        layerwise: known(layerwiseDistance(params, f.mean, g.mean)),
        squaredConvolutions: known(convolutionDistance(params, f.mean, g.mean, "squared")),
        l1Convolutions: known(convolutionDistance(params, f.mean, g.mean, "l1")),
      });
    }
    return all;
  });
}

/** The mean over random networks of one of the distances. */
async function overNetworks(
  [a, b]: readonly [EmpiricalMeasure, EmpiricalMeasure],
  which: keyof Distances,
  options: Resolved<typeof sampling>,
  context: MeasureContext,
): Promise<Estimate> {
  const { points } = options;
  const proper = points > 0 && points < Math.max(a.labels.length, b.labels.length);
  const over = proper ? `at most ${points} points of either` : "all points";
  const bias = !proper ? "" : which === "l2" ? ", bias removed" : ", not corrected for it";
  const all = await distancesFor(a, b, options, context);
  const { name } = networkFor(a, context).spec;
  return {
    ...overRepeats(all.map((distances) => distances[which])),
    estimator: `mean over ${all.length} random ${name}, ${over}${bias}`,
  };
}

const traits = { labelAware: true, needsImages: false, options: sampling };

const whole = (which: "l2" | "cosine" | "layerwise") =>
  measured({ ...traits, measure: (a, b, options, context) => overNetworks([a, b], which, options, context) });

/** A traced distance of two gradients, laid out as the parameters are. */
const ofGradients = (distance: (synthetic: TracedParams, real: TracedParams) => Traced) =>
  traced({
    compares: ["gradients"],
    options: {},
    make: () => ({ between: (a: Tree, b: Tree) => distance(a as TracedParams, b as TracedParams) }),
  });

const reference = "§5.1.4, gradient matching";

const gradient = {
  title: "Gradient discrepancy",
  formula: "E_θ ‖∇_θ φ(h_θ, μ₁) − ∇_θ φ(h_θ, μ₂)‖₂",
  reference,
  options: {},
  measured: whole("l2"),
} satisfies Discrepancy;

const cosine = {
  title: "Gradient discrepancy, cosine",
  formula: "E_θ 1 − cos(∇_θ φ(h_θ, μ₁), ∇_θ φ(h_θ, μ₂))",
  reference,
  options: {},
  traced: ofGradients(globalCosine),
  measured: whole("cosine"),
} satisfies Discrepancy;

const layerwise = {
  title: "Gradient discrepancy, layer-wise cosine",
  formula: "E_θ Σ_units 1 − cos(∇_θ φ(h_θ, μ₁), ∇_θ φ(h_θ, μ₂))",
  reference,
  citation: work(
    "B. Zhao, K. R. Mopuri and H. Bilen",
    2021,
    "Dataset Condensation with Gradient Matching",
    "ICLR",
    "a",
  ),
  options: {},
  traced: ofGradients(layerwiseCosine),
  measured: whole("layerwise"),
} satisfies Discrepancy;

const norm = { norm: choice("squared", ["squared", "l1"], "squared, or absolute differences") };

const convolution = {
  title: "Gradient discrepancy over the weights of convolutions",
  formula: "E_θ Σ_conv ‖∇_θ φ(h_θ, μ₁) − ∇_θ φ(h_θ, μ₂)‖² or ‖·‖₁",
  reference,
  citation: work(
    "J.-H. Kim, J. Kim, S. J. Oh, S. Yun, H. Song, J. Jeong, J.-W. Ha and H. O. Song",
    2022,
    "Dataset Condensation via Efficient Synthetic-Data Parameterization",
    "ICML",
  ),
  options: norm,
  traced: traced(
    {
      compares: ["gradients"],
      options: {},
      make: ({ norm }) => {
        const distance = norm === "l1" ? convolutionL1 : convolutionSquared;
        return { between: (a: Tree, b: Tree) => distance(a as TracedParams, b as TracedParams) };
      },
    },
    norm,
  ),
  measured: measured(
    {
      ...traits,
      needsImages: true,
      async measure(a, b, { norm, ...options }, context) {
        const which = norm === "l1" ? "l1Convolutions" : "squaredConvolutions";
        const estimate = await overNetworks([a, b], which, options, context);
        if (!Number.isNaN(estimate.value)) return estimate;
        const { name } = networkFor(a, context).spec;
        throw new AttarError(
          "bad-network",
          `${name} has no convolution to compare gradients of`,
          "For example --net convnet.",
        );
      },
    },
    norm,
  ),
} satisfies Discrepancy;

/** Distances between the mean loss gradients of both measures at random networks (§5.1.4), by name. */
export const gradientDiscrepancies = {
  gradient,
  "gradient-cosine": cosine,
  "gradient-layerwise": layerwise,
  "convolution-difference": convolution,
};
