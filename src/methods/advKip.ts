import { advKip as laptop } from "../recipes/laptop/advKip.ts";
import type { BilevelMethod } from "./method.ts";

/**
 * adv-KIP: robustness from data alone through kernel regression (Tsilivis, Su and Kempe 2022; §6.2 of the paper).
 *
 *   min_S max_{‖δ‖ ≤ ε}  E_(x,y)~T ½ ‖ K_(x+δ)S (K_SS + λI)⁻¹ y_S − y ‖²,   K the neural tangent kernel
 *
 * KIP, on real images that are perturbed against the regression on S. It is a formula: the perturbation needs the gradient of
 * K_xS alone, with the regression's weights standing still.
 */
export const advKip: BilevelMethod = {
  name: "adv-kip",
  row: 12,
  title: "Adversarial kernel inducing points",
  citation: {
    authors: "N. Tsilivis, J. Su and J. Kempe",
    year: 2022,
    title: "Can We Achieve Robustness from Data Alone?",
    venue: "arXiv 2207.11727",
  },
  formula: "min_S max_{‖δ‖ ≤ ε} E_(x,y)~T ½ ‖ K_(x+δ)S (K_SS + λI)⁻¹ y_S − y ‖², K the neural tangent kernel",
  reference: "§6.2, adversarially robust condensation by kernel ridge regression",
  objective: {
    solve: { name: "kernel-ridge", options: { kernel: "ntk", depth: 1, ridge: 1e-6, precision: "float64" } },
    criterion: { name: "regression-loss" },
  },
  synthetic: { name: "pixels" },
  initialisation: { name: "random" },
  labels: { form: "centred", learned: true, rate: 0.25 },
  hypotheses: { name: "none" },
  update: { rule: "adam" },
  augmentation: "none",
  tricks: [{ name: "adversarial", options: { radius: 0.1, steps: 5, step: 0.3333333333333333, ramp: 0 } }],
  laptop,
  recipe: [],
  departures: [
    "The authors' code and hyperparameters could not be read: the objective is the paper's, everything else is that of kip here.",
    "The perturbation is projected gradient ascent of five steps of a third of the radius, from the image itself, up the squared error, in pixels.",
    "The maximum over the whole perturbed dataset is taken image by image: the loss is a sum over images.",
    "The laptop preset takes a third of the steps of kip's, untuned for robustness.",
  ],
};
