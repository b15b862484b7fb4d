import { dpDm as laptop } from "../recipes/laptop/dpDm.ts";
import type { MatchMethod } from "./method.ts";

/**
 * DP-DM: distribution matching on noised sums (NDPDC, Zheng and Li; §6 of the paper in spirit).
 *
 *   min_S  E_θ Σ_c ‖ (Σ_{x ∈ T_c} b_x clip(ψ_θ(𝒜(x))) + N(0, σ²C²)) / q|T_c| − mean clip(ψ_θ(𝒜(S_c))) ‖²,  b_x ~ Bernoulli(q)
 *
 * Distribution matching reads T through sums of embeddings alone. A sample's embedding is clipped to norm C, so that one sample
 * more or less moves all of the sums together by no more than C, and noise of σC hides it. What is done with a noised sum costs
 * nothing: it is matched again and again.
 */
export const dpDm: MatchMethod = {
  name: "dp-dm",
  title: "Distribution matching with differential privacy",
  citation: {
    authors: "T. Zheng and B. Li",
    year: 2023,
    title: "Differentially Private Dataset Condensation",
    venue: "submitted to ICLR",
  },
  formula: "min_S E_θ Σ_c ‖ (Σ_{x ∈ T_c} b_x clip(ψ_θ(𝒜(x))) + N(0, σ²C²)) / q|T_c| − mean clip(ψ_θ(𝒜(S_c))) ‖²",
  reference: "§6, differential privacy",
  objective: { match: [{ view: { name: "embedding" }, discrepancy: { name: "mean-difference" } }] },
  synthetic: { name: "pixels" },
  initialisation: { name: "noise" },
  hypotheses: { name: "fresh" },
  augmentation: "siamese",
  tricks: [],
  privacy: { epsilon: 1, clip: 1 },
  laptop,
  recipe: [
    {
      when: { dataset: ["mnist", "fashion-mnist", "cifar-10"] },
      set: { steps: 10000, realBatch: 50, imageLearningRate: 2500, imageMomentum: 0.5 },
      source: "Zheng and Li (2023), as adapted in the code of Dosser (ICCV 2025)",
    },
  ],
  departures: [
    "One sampling rate for all classes, 50 images of a class on average: the authors' rate of each class takes its size as public.",
    "Sums are divided by the number that is expected; the authors' loss is 50² times this one, and the learning rate makes up for it.",
    "In the laptop preset some hundred noised sums are matched again and again: reading them costs nothing.",
    "No running mean of the images is published.",
    "Noise is discrete, on a grid; the authors' is that of floats, whose rounding gives sums away.",
  ],
};
