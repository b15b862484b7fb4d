import { dpMerf as laptop } from "../recipes/laptop/dpMerf.ts";
import type { MatchMethod } from "./method.ts";

/**
 * DP-MERF: mean embeddings in random Fourier features, released once with noise (Harder, Adamczewski and Park 2021; §6 of the
 * paper).
 *
 *   min_S  Σ_c ‖ μ̃_c − mean φ(S_c) ‖²,   μ̃ = (Σ_{x ∈ T_c} φ(x))_c / |T_c| + noise,   φ(x) = (cos⟨t_j, x⟩, sin⟨t_j, x⟩)_j
 *
 * φ is the feature map of a Gaussian kernel, all of one norm, so that all of T is read once and for all: a single release of
 * the exact Gaussian mechanism, and S is moved against it at no further cost.
 */
export const dpMerf: MatchMethod = {
  name: "dp-merf",
  row: 32,
  title: "Private mean embeddings in random features",
  citation: {
    authors: "F. Harder, K. Adamczewski and M. Park",
    year: 2021,
    title:
      "DP-MERF: Differentially Private Mean Embeddings with Random Features for Practical Privacy-Preserving Data Generation",
    venue: "AISTATS",
  },
  formula: "min_S Σ_c ‖ μ̃_c − mean φ(S_c) ‖², μ̃ noised once, φ random Fourier features of a Gaussian kernel",
  reference: "§6, distribution matching using MMD for DP",
  objective: {
    match: [
      {
        view: { name: "pixels" },
        discrepancy: { name: "characteristic", options: { frequencies: 1000, scale: 0.84 } },
      },
    ],
  },
  synthetic: { name: "pixels" },
  initialisation: { name: "noise" },
  hypotheses: { name: "none" },
  augmentation: "none",
  tricks: [],
  update: { rule: "adam" },
  privacy: { epsilon: 1, sampling: "all", releases: 1 },
  laptop,
  recipe: [],
  departures: [
    "The images of S are moved themselves; the authors train a generator, and publish any number of its images.",
    "Neighbours are data sets with a sample more or less; the authors' noise of the same bytes is for a sample in another one's place, and their σ is half of the one here.",
    "Means are of a class over its share of all samples; the authors keep the classes' weights in them.",
    "A kernel's bandwidth of pixels in units of their deviation: the authors' variance of 105 for pixels between 0 and 1 of MNIST.",
    "Noise is discrete, on a grid.",
  ],
};
