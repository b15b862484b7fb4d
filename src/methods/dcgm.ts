import { dcgm as laptop } from "../recipes/laptop/dcgm.ts";
import type { MatchMethod } from "./method.ts";

/**
 * Dataset Condensation via Generative Model (Zhang et al. 2023; §5.2.1, A.1.2 and A.2.1 of the paper).
 *
 *   min_{Z, g_d}  E_h Σ_c Σ_l ‖ mean h_l(T_c) − mean h_l(g_d(Z_c)) ‖² + L_GAN + L_intra + L_inter
 *
 * Codes and the weights of the generator that decodes them move together, so that what is stored grows with neither classes nor pixels.
 */
export const dcgm: MatchMethod = {
  name: "dcgm",
  row: 7,
  title: "codes and weights of a generator",
  citation: {
    authors: "D. J. Zhang, H. Wang, C. Xue, R. Yan, W. Zhang, S. Bai and M. Z. Shou",
    year: 2023,
    title: "Dataset Condensation via Generative Model",
    venue: "arXiv 2309.07698",
  },
  formula: "min_{Z, g_d} E_h Σ_c Σ_l ‖ mean h_l(T_c) − mean h_l(g_d(Z_c)) ‖² + L_GAN + L_intra + L_inter",
  reference: "§5.2.1; §5.1.2, layer-wise feature matching; A.2.1",
  objective: { match: [{ view: { name: "layers", options: { early: 1 } }, discrepancy: { name: "mean-difference" } }] },
  synthetic: {
    name: "latent",
    options: { generator: "wgan-gp", steps: 2500, weights: "learned", weightRate: 0.1, fidelity: 0.5 },
  },
  initialisation: { name: "noise" },
  hypotheses: { name: "alternating", options: { every: 20, trainsOn: "synthetic" } },
  augmentation: "siamese",
  tricks: [
    { name: "critic", options: { weight: 0.1 } },
    { name: "intra", options: { weight: 0.1, temperature: 10 } },
    { name: "inter", options: { weight: 0.1 } },
  ],
  update: { rule: "adam" },
  laptop,
  recipe: [],
  departures: [
    "The authors' code, networks, weights of the terms, margins and schedules were not to be had: they are ours.",
    "Codes and weights move in the same step, not in turns.",
    "The embedding of a class that L_intra pulls to is the mean of T's images under the hypothesis, not a learned one; the label is joined to the code as a one-hot row.",
    "The generator is trained against a critic alone before the run, and the run's critic starts anew.",
    "A network serves 20 steps and is trained on S between them.",
    "attar evaluate scores the last epoch of one set, not the best of many.",
  ],
};
