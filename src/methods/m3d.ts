import { m3d as laptop } from "../recipes/laptop/m3d.ts";
import type { MatchMethod } from "./method.ts";

/**
 * M3D: Dataset Condensation by Minimizing Maximum Mean Discrepancy (Zhang et al. 2024; §5.1.4 of the paper).
 *
 *   min_S  E_θ Σ_c MMD²( ψ_θ(𝒜(𝒜_r(S_c))), ψ_θ(𝒜(T_c)) )
 *
 * Means of features say nothing of higher moments. In the RKHS of a characteristic kernel equal means are equal
 * distributions; Gaussian kernels of five bandwidths, set by the mean squared distance of the rows, see all scales.
 */
export const m3d: MatchMethod = {
  name: "m3d",
  row: 31,
  title: "Maximum mean discrepancy",
  citation: {
    authors: "H. Zhang, S. Li, P. Wang, D. Zeng and S. Ge",
    year: 2024,
    title: "M3D: Dataset Condensation by Minimizing Maximum Mean Discrepancy",
    venue: "AAAI",
  },
  formula: "min_S E_θ Σ_c MMD²( ψ_θ(𝒜(𝒜_r(S_c))), ψ_θ(𝒜(T_c)) ), k = Σ_{j=−2..2} exp(−‖x − y‖² / (2ʲ b))",
  reference: "§5.1.4, M3D (MMD in an RKHS)",
  objective: { match: [{ view: { name: "embedding" }, discrepancy: { name: "mmd" } }] },
  synthetic: { name: "pixels", options: { factor: 2, range: "unit", clamp: "step", most: 200 } },
  initialisation: { name: "random" },
  hypotheses: { name: "fresh", options: { every: 5 } },
  update: { per: "class" },
  augmentation: "composite:color_crop_cutout",
  tricks: [],
  laptop,
  recipe: [
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-10", "cifar-100"] },
      set: { steps: 25000, realBatch: 128, imageLearningRate: 1, imageMomentum: 0.5 },
      source: "Zhang et al. (2024): paper and code",
    },
  ],
  departures: [
    "In the laptop preset a set of ten images per class or more starts at the real images nearest to k-means centres: some hundred steps go not far.",
    "The authors' repository holds no code: loss and loop are those of its public copies. Learning rates by data set are not among them; 1 in pixels from 0 to 1 is ours, where the gradient is as large as distribution matching's.",
    "The kernel is the authors' Gaussian one; the tangent kernel that Table 4 names is an option: --set discrepancy.kernel=ntk.",
    "The step count is 5000 networks of 5 steps each.",
    "Real images are drawn at random where the authors' loaders go through shuffled classes.",
    "Evaluation augments with the field's siamese operators instead of flip, colour, one geometric operator and CutMix.",
  ],
};
