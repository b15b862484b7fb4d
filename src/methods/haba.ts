import { haba as laptop } from "../recipes/laptop/haba.ts";
import type { BilevelMethod } from "./method.ts";

/**
 * HaBa: Dataset Distillation via Factorization (Liu et al. 2022; §5.2.1 and A.1.4 of the paper).
 *
 *   min_{B, H, η}  E ‖ θ_N(S, η) − θ*_{t+M} ‖² / ‖ θ*_t − θ*_{t+M} ‖² + λ (cos(e(H_i b), e(H_j b)) + 1) / 2,   S = { H_j(b_i) }
 *
 * Trajectory matching in which S is bases of each class and hallucinators that all share; an extractor e, trained on S, tells
 * hallucinations of a base apart.
 */
export const haba: BilevelMethod = {
  name: "haba",
  row: 37,
  title: "bases and hallucinators under trajectory matching",
  citation: {
    authors: "S. Liu, K. Wang, X. Yang, J. Ye and X. Wang",
    year: 2022,
    title: "Dataset Distillation via Factorization",
    venue: "NeurIPS",
  },
  formula:
    "min_{B, H, η} E ‖ θ_N(S, η) − θ*_{t+M} ‖² / ‖ θ*_t − θ*_{t+M} ‖² + λ mean (cos(e(H_i b), e(H_j b)) + 1) / 2, S = { H_j(b_i) }",
  reference: "§5.2.1, hallucinators; A.1.4",
  objective: {
    solve: {
      name: "unrolled",
      options: { steps: 30, learningRate: 0.001, rates: "shared", form: "plain", rateFactor: 1e-7, order: "random" },
    },
    criterion: { name: "parameter-distance" },
  },
  synthetic: { name: "hallucinated" },
  initialisation: { name: "random" },
  hypotheses: { name: "experts" },
  augmentation: "siamese",
  tricks: [{ name: "unlikeness", options: { weight: 0.1 } }],
  laptop,
  recipe: [
    {
      when: { dataset: ["cifar-10"], ipc: [1, 9] },
      set: {
        steps: 15000,
        realBatch: 1,
        imageLearningRate: 100,
        imageMomentum: 0.95,
        "synthetic.bases": 1,
        "solver.steps": 50,
        "solver.learningRate": 0.01,
        "solver.rateFactor": 1e-9,
        "hypotheses.latest": 1,
      },
      source: "Liu et al. (2022): code",
    },
    {
      when: { dataset: ["cifar-10"], ipc: [10, 49] },
      set: {
        steps: 15000,
        realBatch: 1,
        imageLearningRate: 100,
        imageMomentum: 0.95,
        "synthetic.bases": 10,
        "hypotheses.latest": 19,
      },
      source: "Liu et al. (2022): code",
    },
    {
      when: { dataset: ["cifar-10"], ipc: [50, 5000] },
      set: {
        steps: 15000,
        realBatch: 1,
        imageLearningRate: 100,
        imageMomentum: 0.95,
        "synthetic.bases": 50,
        "solver.learningRate": 0.01,
        "hypotheses.latest": 19,
      },
      source: "Liu et al. (2022): code",
    },
  ],
  departures: [
    "Hallucinators start near the identity, not at random, so that S starts near its real images: some hundred steps move it little.",
    "The extractor learns from S as the step has left it, and from all of it; the authors' from the batch that the step had decoded.",
    "As many bases as ipc images of floats hold beside the hallucinators, one at least, in the laptop preset; the authors store ipc bases and the hallucinators besides.",
    "In the laptop preset the extractor is of width 32, and there are three hallucinators of grey images.",
    "In the laptop preset Adam moves bases, hallucinators and the step size, at 0.02 (0.005 from ten images per class on), where SGD does at 100; the step size is the softplus of what is learned, from 0.02.",
    "In the laptop preset there are 5 experts of 6 epochs (9 from ten images per class on) in batches of 64 of 5,000 images, not 100 of 50 epochs on all of T; 10 steps on 5 images of each class (10 from ten images per class on) are to lead one epoch on, not 30 or 50 steps two.",
    "The learned step size is kept above 1e-6; the authors' above 1e-3.",
    "In the laptop preset S starts at k-means centres, or from ten images per class on at the real images nearest to them, and experts are of width 32 from ten images per class on.",
    "No ZCA whitening where the data set is not loaded with it.",
    "attar evaluate scores the last epoch of one set on every image of S; the authors standardise every batch, of training and of test images, and draw a hallucinator for each base and epoch (attar evaluate RUN --protocol styles-standardised does).",
  ],
};
