import { rcig as laptop } from "../recipes/laptop/rcig.ts";
import type { BilevelMethod } from "./method.ts";

/**
 * RCIG: Reparameterised Convexified Implicit Gradients (Loo, Hasani, Lechner and Rus 2023; §5.1.1).
 *
 *   min_S,τ  E_θ₀ E_(x,y)~T ℓ( e^τ h_u*(x), y ),   u* = arg min_u ½ ‖h_u(S) − y_S‖² + λ/2 ‖u‖²,
 *   h_u linear in u around θ₀, its last layer in closed form
 *
 * The network is linear in its parameters around one of a pool trained on S, so the inner problem is convex; where its minimiser
 * goes with S follows from the implicit function theorem, one linear system a step.
 */
export const rcig: BilevelMethod = {
  name: "rcig",
  row: 3,
  title: "Convexified implicit gradients",
  citation: {
    authors: "N. Loo, R. Hasani, M. Lechner and D. Rus",
    year: 2023,
    title: "Dataset Distillation with Convexified Implicit Gradients",
    venue: "ICML",
  },
  formula:
    "min_S,τ E_θ₀ E_(x,y)~T ℓ( e^τ h_u*(x), y ), u* = arg min_u ½ ‖h_u(S) − y_S‖² + λ/2 ‖u‖², h_u linear around θ₀",
  reference: "§5.1.1, convexified implicit gradients",
  objective: {
    solve: { name: "convexified", options: { ridge: 5e-4 } },
    criterion: { name: "regression-loss", options: { loss: "tempered", rate: 10, margin: 0.5 } },
  },
  synthetic: { name: "pixels" },
  initialisation: { name: "random" },
  labels: { form: "centred", learned: true },
  hypotheses: { name: "synthetic-pool", options: { networks: 30, most: 100, steps: 15, learningRate: 5e-5 } },
  network: {
    name: "convnet",
    options: { growth: 2, normalisation: "none", initialisation: "lecun-normal", activation: "softplus" },
  },
  scoring: { activation: "relu" },
  update: { rule: "adabelief" },
  augmentation: "none",
  tricks: [],
  laptop,
  recipe: [
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-100"] },
      set: {
        steps: 10000,
        realBatch: 102,
        realImages: 1024,
        imageLearningRate: 0.003,
        imageMomentum: 0.9,
        "network.width": 128,
      },
      source: "Loo et al. (2023): paper and code",
    },
    {
      when: { dataset: ["cifar-10"], ipc: 1 },
      set: {
        steps: 15000,
        realBatch: 102,
        realImages: 1024,
        imageLearningRate: 0.003,
        imageMomentum: 0.9,
        "network.width": 128,
      },
      source: "Loo et al. (2023): paper and code",
    },
    {
      when: { dataset: ["cifar-10"], ipc: [2, 10000] },
      set: {
        steps: 10000,
        realBatch: 102,
        realImages: 1024,
        imageLearningRate: 0.003,
        imageMomentum: 0.9,
        "network.width": 128,
      },
      source: "Loo et al. (2023): paper and code",
    },
  ],
  departures: [
    "Conjugate gradients for the inner problem and for the inverse Hessian, 20 steps each at most: the authors take 20 steps of Adam with a learning rate that follows its progress.",
    "Real batches hold equally many images of every class, 1,020 in all of ten classes and 1,000 of a hundred; the authors' are 1,024 at random.",
    "The set after the last step, where the authors keep a running mean of S over steps.",
    "In the laptop preset networks learn faster and are replaced after 20 steps, so that a short run sees many.",
    "In the laptop preset networks are of width 32, not 128, 10 in the pool, not 30; both systems take 5 steps at most; S moves ten times as fast along a cosine; a step sees 16 real images of each class.",
    "attar evaluate trains by FRePo's recipe without augmentation; theirs has a rate of 1e-4 instead of 3e-4, 1000 steps for ten images and 2000 for more, and is reported with one of crop, rotation, shift and cutout (colour and flip as well in colour) for every batch, and without.",
    "Networks in the pool start at different numbers of steps, so that they are not all replaced at once.",
    "Images of colour are whitened only where the data set is loaded so, and S holds no flipped copies.",
  ],
};
