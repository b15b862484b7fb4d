import { guard as laptop } from "../recipes/laptop/guard.ts";
import type { MatchMethod } from "./method.ts";

/**
 * GUARD: robust distillation by curvature regularization (Xue et al. 2025; §6.2 of the paper).
 *
 *   min_S  ℓ(S; θ) + r Σ_l ‖ Δ mean_l ‖ + ‖ Δ Var_l ‖ + λ E_S ‖ ∇ₓℓ(s + h z) − ∇ₓℓ(s) ‖²,   z = ∇ₓℓ(s) / ‖∇ₓℓ(s)‖
 *
 * Images are recovered from a network trained on T, by its own labels and the statistics of its channels, and kept where the loss
 * is flat in them: the top eigenvalue of its Hessian in the image, by one difference of gradients, bounds how fast small
 * perturbations raise it.
 */
export const guard: MatchMethod = {
  name: "guard",
  row: 5,
  title: "Curvature regularization",
  citation: {
    authors: "E. Xue, Y. Li, H. Liu, P. Wang, Y. Shen and H. Wang",
    year: 2025,
    title: "Towards Adversarially Robust Dataset Distillation by Curvature Regularization",
    venue: "AAAI",
  },
  formula:
    "min_S ℓ(S; θ) + r Σ_l [ ‖ Δ mean_l ‖ + ‖ Δ Var_l ‖ ] + λ E_S ‖ ∇ₓℓ(s + h z) − ∇ₓℓ(s) ‖², z = ∇ₓℓ(s) / ‖∇ₓℓ(s)‖, θ trained on T",
  reference: "§6.2, curvature regularization",
  objective: {
    match: [{ view: { name: "channels" }, discrepancy: { name: "channel-statistics" }, weight: 0.01 }],
  },
  synthetic: { name: "pixels", options: { range: "unit", clamp: "step" } },
  initialisation: { name: "noise" },
  hypotheses: { name: "pretrained", options: { networks: 1, weightDecay: 1e-4 } },
  update: { rule: "adam", schedule: "cosine", beta2: 0.9 },
  augmentation: "siamese",
  tricks: [
    { name: "classification", options: { weight: 1 } },
    { name: "input-curvature", options: { weight: 0.1, h: 1.5 } },
  ],
  laptop,
  recipe: [],
  departures: [
    "The curvature is that of the loss of S, as the survey writes it; in the authors' code it regularises the teacher's training on T (weight 100 on a mean over batches of 128, h = 3, gradients of a batch mean), and S is recovered from that teacher as SRe2L does.",
    "The change of gradients is squared; theirs is a norm.",
    "The teacher is the ConvNet that is condensed for, normalising by instances, instead of a ResNet-18 with batch normalisation; statistics are of its activations, and T's are those of the step's real batch instead of running ones.",
    "S is trained on with hard labels; the authors relabel every augmented image with the teacher.",
    "Steps and rates for small images are ours: the authors report on CIFAR-10, ImageNette and others, and no figure of theirs could be read.",
    "The laptop preset is wmdd's without its barycentre, untuned for robustness.",
  ],
};
