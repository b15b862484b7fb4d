import { dim as laptop } from "../recipes/laptop/dim.ts";
import type { MatchMethod } from "./method.ts";

/**
 * DiM: Distilling Dataset into Generative Model (Wang et al. 2025; §5.2.1 and A.1.2 of the paper).
 *
 *   min_G  E_M ‖ log σ(M(𝒜 x)) − log σ(M(𝒜 G(z, y))) ‖² + L_GAN(G),   z ~ N(0, I) anew in every step
 *
 * S is a conditional generator: its weights move so that what it makes of any code is real to a critic and classified like T. It is trained
 * as a GAN first, and by both in the run.
 */
export const dim: MatchMethod = {
  name: "dim",
  row: 17,
  title: "a generator in place of a set",
  citation: {
    authors: "K. Wang, J. Gu, H. Zhang, D. Zhou, Z. Zhu, W. Jiang and Y. You",
    year: 2025,
    title: "DiM: Distilling Dataset into Generative Model",
    venue: "ECCV",
  },
  formula: "min_G E_M mean ‖ log σ(M(𝒜 x)) − log σ(M(𝒜 G(z, y))) ‖² + L_GAN(G), z ~ N(0, I)",
  reference: "§5.2.1, GAN training; §5.1.4; A.1.2",
  objective: {
    match: [
      {
        view: { name: "logits", options: { form: "log-softmax" } },
        discrepancy: { name: "paired" },
        // The authors' 0.01 multiplies a mean over a batch: a sum of ten classes' means is ten times that.
        weight: 0.001,
        phase: "main",
      },
      // The paper's row writes a difference of mean features: --set weights.embedding=0.001 --set weights.logits=0.
      { view: { name: "embedding" }, discrepancy: { name: "mean-difference" }, weight: 0, phase: "main" },
    ],
  },
  synthetic: {
    name: "latent",
    options: { generator: "wgan-gp", steps: 2500, draw: 6, weights: "learned", weightRate: 1, fidelity: 0.5 },
  },
  initialisation: { name: "noise" },
  hypotheses: {
    name: "alternating",
    options: { every: 20, trainsOn: "real", images: 256, warmup: 1024, batch: 64, momentum: 0.9, weightDecay: 5e-4 },
  },
  augmentation: "siamese",
  tricks: [{ name: "critic" }],
  update: { rule: "adam", beta2: 0.9 },
  laptop,
  recipe: [],
  departures: [
    "Sizes and steps are ours: the authors' generator has 3.3 million weights and their run 150 and 100 epochs, for processors of another kind.",
    "The first stage is the training of the generator that attar generators keeps, so that runs share it; the critic starts anew in the run and learns alone with the generator for the first tenth of it.",
    "Batch normalisation of the generator goes on with the moments of its first stage.",
    "Codes of a step are balanced over the classes; the authors draw labels at random.",
    "One network serves 20 steps and is trained on four batches of T between two of them; the authors draw an architecture and train 16 batches before each step.",
    "Networks see one scale in matching and in evaluation; the authors' code normalises twice in matching.",
    "attar evaluate scores ipc images of fixed codes (--protocol bank); the authors draw new ones every batch (--protocol fresh) and keep the best of several test scores.",
  ],
};
