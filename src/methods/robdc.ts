import { robdc as laptop } from "../recipes/laptop/robdc.ts";
import type { BilevelMethod } from "./method.ts";

/**
 * RobDC: Towards Robust Dataset Learning (Wu et al. 2022; §6.2 of the paper).
 *
 *   min_S  E_(x,y)~T max_{‖δ‖ ≤ ε} ℓ( θ*(S); x + δ, y ),   θ*(S) trained on S as it is
 *
 * A network is trained on S plainly, real images are perturbed against it, and S moves so that it errs less on those: robustness
 * is to come from the data alone. By Danskin's theorem the perturbations stand still where S is differentiated.
 */
export const robdc: BilevelMethod = {
  name: "robdc",
  row: 4,
  title: "Robust dataset learning",
  citation: {
    authors: "Y. Wu, X. Li, F. Kerschbaum, H. Huang and H. Zhang",
    year: 2022,
    title: "Towards Robust Dataset Learning",
    venue: "arXiv 2211.10752",
  },
  formula: "min_S E_(x,y)~T max_{‖δ‖ ≤ ε} ℓ( θ_N(S); x + δ, y ), θ_{t+1} = θ_t − η_t ∇ℓ(θ_t; S)",
  reference: "§6.2, adversarially robust condensation by bi-level optimization",
  objective: {
    solve: {
      name: "unrolled",
      options: { steps: 20, batch: 5, order: "fixed", learningRate: 0.1, rates: "each", form: "softplus" },
    },
    criterion: { name: "target-loss", options: { loss: "cross-entropy" } },
  },
  synthetic: { name: "pixels" },
  initialisation: { name: "kmeans" },
  hypotheses: { name: "fresh" },
  network: { name: "convnet", options: { width: 32 } },
  update: { rule: "adam" },
  augmentation: "none",
  tricks: [{ name: "adversarial", options: { radius: 0.1, steps: 3, step: 0.5 } }],
  laptop,
  recipe: [],
  departures: [
    "The authors' code, schedules and figures could not be read: the three levels are the paper's, the inner training is unrolled as BPTT's is, and every number is ours.",
    "The perturbation is projected gradient ascent of three steps from the image itself, in pixels; its radius grows from 0 in the first third of a run.",
    "The laptop preset takes the values of bptt's, untuned for robustness.",
  ],
};
