import type { OptionValues } from "../engine/index.ts";
import type { InitialisationName } from "../synthetic/index.ts";
import type { Citation, CoresetMethod } from "./method.ts";

const coveringCitation: Citation = {
  authors: "T. Chen and R. Selvan",
  year: 2025,
  title: "Is adversarial training with compressed datasets effective?",
  venue: "Image Analysis",
};

/** A method without an objective, named as the initialisation that is its rule. */
const coreset = (
  name: InitialisationName,
  title: string,
  formula: string,
  reference: string,
  citation: Citation,
  departures: readonly string[],
  options?: OptionValues,
  row?: number,
): CoresetMethod => ({
  name,
  ...(row && { row }),
  title,
  citation,
  formula,
  reference,
  objective: { none: true },
  synthetic: { name: "pixels" },
  initialisation: { name, ...(options && { options }) },
  hypotheses: { name: "none" },
  augmentation: "none",
  tricks: [],
  recipe: [],
  departures,
});

/** Pixels need no network, no seed and no choice of training length, and are the same for every architecture compared. */
const onPixels =
  "Distances are taken between normalised pixels; the field often uses features of a trained network, as --set initialisation.encoder=network:trained does.";

/** Uniform choice without replacement, per class. */
export const random = coreset(
  "random",
  "Random subset",
  "S_c ~ uniform subsets of T_c",
  "baseline",
  {
    authors: "W. G. Cochran",
    year: 1977,
    title: "Sampling Techniques",
    venue: "Wiley",
    book: true,
  },
  [],
);

/** Greedy choice whose running mean stays closest to the class mean. */
export const herding = coreset(
  "herding",
  "Herding",
  "next = argmin_i ‖ (k+1) μ_c − Σ_{j∈S} x_j − x_i ‖",
  "baseline",
  {
    authors: "M. Welling",
    year: 2009,
    title: "Herding Dynamical Weights to Learn",
    venue: "ICML",
  },
  [onPixels],
);

/** Greedy choice of the point farthest from those chosen: a 2-approximation of the smallest covering radius. */
export const kcenter = coreset(
  "kcenter",
  "k-centre",
  "next = argmax_i min_{j∈S} ‖ x_i − x_j ‖",
  "§5.1.4, Hausdorff distance",
  {
    authors: "O. Sener and S. Savarese",
    year: 2018,
    title: "Active Learning for Convolutional Neural Networks: A Core-Set Approach",
    venue: "ICLR",
  },
  [onPixels],
);

/** The real image nearest to each centre of a k-means clustering. */
export const kmeans = coreset(
  "kmeans",
  "k-means",
  "S_c = real images nearest to the ipc centres of T_c",
  "§5.3.3",
  {
    authors: "S. Lloyd",
    year: 1982,
    title: "Least squares quantization in PCM",
    venue: "IEEE Transactions on Information Theory 28(2):129–137",
  },
  [onPixels, "Centres are fitted to a random sample of at most 2,000 images of a class (more where ipc is larger)."],
);

/**
 * MFC: the minimum finite covering of every class (Chen and Selvan 2025; §5.1.4 of the paper): ipc images whose balls of
 * one radius cover the class with the least radius, which is the Hausdorff distance of subset and class.
 */
export const mfc = coreset(
  "mfc",
  "Minimum finite covering",
  "min_{S ⊂ T} d_H(T_c, S_c)",
  "§5.1.4, minimum finite covering (Hausdorff distance)",
  coveringCitation,
  [
    "Distances are taken between normalised pixels, as the authors take them between raw ones; normalisation is one scale for grey images.",
    "Every class is covered alone by ipc images; the authors' code covers all images at once.",
    "One set cover by HiGHS over those points that bound the radius, instead of linear relaxations in chunks and Gurobi; the radius is the least of the distances themselves instead of a bisection to 1e-3.",
    "A set cover stops after ten nodes of branch and bound: one image per class is proven optimal, several are the best found.",
    "Several images per class mostly have many coverings of that radius, which a few outliers set: one whose mean is nearly that of the class is taken.",
    "--set initialisation.slack=0.1 is no minimum covering any more: of all coverings whose radius is at most a tenth above the least it takes one whose mean is nearly that of the class, with one image per class mostly herding's choice.",
  ],
  { slack: 0 },
  34,
);
