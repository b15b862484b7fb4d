import { AttarError, type Citation, choice, nearest, work } from "../engine/index.ts";
import type { TracedParams } from "../hypotheses/index.ts";
import { characteristicDistance } from "./characteristic/distance.ts";
import { type Compared, type Distance, overLeaves, type Tree } from "./distance.ts";
import { convolutionL1, convolutionSquared, globalCosine, layerwiseCosine } from "./gradient/index.ts";
import { hausdorffDistance } from "./hausdorff/distance.ts";
import { mmdDistance } from "./mmd/distance.ts";
import { channelStatistics } from "./moments/channelStatistics.ts";
import { momentDistance } from "./moments/distance.ts";
import { absoluteMeanDifference, squaredMeanDifference } from "./squaredMeanDifference.ts";
import { barycentreDistance } from "./wasserstein/barycentreDistance.ts";
import { sinkhornDistance } from "./wasserstein/sinkhorn/distance.ts";

const means = {
  "squared-mean-difference": {
    compares: ["means", "gradients"],
    title: "squared difference of means",
    formula: "‖ mean view(S) − mean view(T) ‖²",
    reference: "§5.1.4, distribution matching (IPM)",
    options: {},
    make: () => ({ between: overLeaves(squaredMeanDifference) }),
  },
  moments: momentDistance,
  "channel-statistics": channelStatistics,
  characteristic: characteristicDistance,
  "mean-difference": {
    compares: ["means", "gradients"],
    title: "difference of means",
    formula: "‖ mean view(S) − mean view(T) ‖² or ‖ mean view(S) − mean view(T) ‖₁",
    reference: "§5.1.4, distribution matching (IPM)",
    options: { norm: choice("squared", ["squared", "l1"], "squared, or absolute differences") },
    make: ({ norm }) => ({ between: overLeaves(norm === "l1" ? absoluteMeanDifference : squaredMeanDifference) }),
  },
} satisfies Record<string, Distance<"means" | "gradients">>;

const rows = {
  mmd: mmdDistance,
  sinkhorn: sinkhornDistance,
  barycentre: barycentreDistance,
  "soft-hausdorff": hausdorffDistance,
} satisfies Record<string, Distance<"rows">>;

const ofGradients = (
  citation: Citation | undefined,
  title: string,
  formula: string,
  between: (synthetic: TracedParams, real: TracedParams) => ReturnType<typeof layerwiseCosine>,
): Distance<"gradients"> => ({
  compares: ["gradients"],
  title,
  formula,
  reference: "§5.1.4, gradient matching (IPM)",
  ...(citation && { citation }),
  options: {},
  make: () => ({ between: (a: Tree, b: Tree) => between(a as TracedParams, b as TracedParams) }),
});

const gradients = {
  "layerwise-cosine": ofGradients(
    work("B. Zhao, K. R. Mopuri and H. Bilen", 2021, "Dataset Condensation with Gradient Matching", "ICLR", "a"),
    "cosine distance, output unit by output unit",
    "Σ_units 1 − ⟨g_S, g_T⟩ / (‖g_S‖ ‖g_T‖ + 1e-6)",
    layerwiseCosine,
  ),
  "global-cosine": ofGradients(
    undefined,
    "cosine distance of all weights",
    "1 − ⟨g_S, g_T⟩ / (‖g_S‖ ‖g_T‖ + 1e-6)",
    globalCosine,
  ),
  "convolution-difference": {
    compares: ["gradients"],
    title: "difference over the weights of convolutions",
    citation: work(
      "J.-H. Kim, J. Kim, S. J. Oh, S. Yun, H. Song, J. Jeong, J.-W. Ha and H. O. Song",
      2022,
      "Dataset Condensation via Efficient Synthetic-Data Parameterization",
      "ICML",
    ),
    formula: "Σ_conv ‖ g_S − g_T ‖² or Σ_conv ‖ g_S − g_T ‖₁",
    reference: "§5.1.4, gradient matching (IPM)",
    options: { norm: choice("squared", ["squared", "l1"], "squared, or absolute differences") },
    make: ({ norm }) => {
      const between = norm === "l1" ? convolutionL1 : convolutionSquared;
      return { between: (a, b) => between(a as TracedParams, b as TracedParams) };
    },
  },
} satisfies Record<string, Distance<"gradients">>;

/** Every distance that a method may name. */
export const distances = { ...means, ...rows, ...gradients };

export type DistanceName = keyof typeof distances;

/** The distances that compare means, gradients or rows. */
export type DistancesOf<C extends Compared> = {
  [D in DistanceName]: (typeof distances)[D] extends Distance<infer Own> ? (C extends Own ? D : never) : never;
}[DistanceName];

/** The distance a method's declaration names. @throws AttarError "unknown-discrepancy" */
export function distanceNamed(name: string): Distance {
  if (Object.hasOwn(distances, name)) return distances[name as DistanceName];
  const names = Object.keys(distances);
  const guess = nearest(name, names);
  throw new AttarError(
    "unknown-discrepancy",
    `there is no distance between views named "${name}"`,
    guess ? `did you mean "${guess}"?` : `use one of ${names.join(", ")}`,
  );
}

export type { Compared, Comparison, Distance, Tree } from "./distance.ts";
export { coveringCentres } from "./hausdorff/selection.ts";
export {
  type CriteriaOf,
  type CriterionKind,
  type CriterionName,
  criteria,
  criterionNamed,
  type OutputsCriterion,
  type ParametersCriterion,
} from "./solved/index.ts";
export { overLeaves, squaredMeanDifference };
