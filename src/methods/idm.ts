import { idm as laptop } from "../recipes/laptop/idm.ts";
import type { MatchMethod } from "./method.ts";

/**
 * IDM: Improved Distribution Matching for Dataset Condensation (Zhao, Li, Qin and Yu 2023; §5.3.1 of the paper).
 *
 *   min_S  E_θ Σ_c ‖ mean ψ_θ(𝒜(T_c)) − mean ψ_θ(𝒜(𝒜_r(S_c))) ‖² + λ acc_θ ℓ(h_θ(𝒜(𝒜_r(S_c))), c)
 *
 * Distribution matching with three changes: every stored image is cut in four that are enlarged (partition and expansion,
 * 𝒜_2); θ comes from a queue of networks at different stages of training; and images must be classified as what they are
 * labelled, by networks that can, hence the training accuracy acc_θ in per cent as a factor.
 */
export const idm: MatchMethod = {
  name: "idm",
  row: 20,
  title: "Improved distribution matching",
  citation: {
    authors: "G. Zhao, G. Li, Y. Qin and Y. Yu",
    year: 2023,
    title: "Improved Distribution Matching for Dataset Condensation",
    venue: "CVPR",
  },
  formula:
    "min_S E_θ Σ_c ‖ mean ψ_θ(𝒜(T_c)) − mean ψ_θ(𝒜(𝒜_r(S_c))) ‖² + λ acc_θ ℓ(h_θ(𝒜(𝒜_r(S_c))), c), θ partly trained",
  reference: "§5.3.1, distribution matching with multi-formation and model enrichment",
  objective: { match: [{ view: { name: "embedding" }, discrepancy: { name: "mean-difference" } }] },
  synthetic: { name: "pixels", options: { factor: 2, tiles: "bilinear" } },
  initialisation: { name: "random" },
  hypotheses: { name: "queue" },
  update: { per: "class" },
  augmentation: "siamese",
  tricks: [{ name: "classification", options: { weight: 0.5, byAccuracy: true } }],
  laptop,
  recipe: [
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: 1 },
      set: { steps: 20000, realBatch: 5000, imageLearningRate: 0.2, imageMomentum: 0.5, "hypotheses.every": 5 },
      source: "Zhao et al. (2023): paper and code",
    },
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-10"], ipc: [2, 49] },
      set: { steps: 20000, realBatch: 256, imageLearningRate: 0.2, imageMomentum: 0.5 },
      source: "Zhao et al. (2023): paper and code",
    },
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-10"], ipc: [50, 1000] },
      set: {
        steps: 20000,
        realBatch: 256,
        imageLearningRate: 0.2,
        imageMomentum: 0.5,
        "tricks.classification.weight": 0.1,
      },
      source: "Zhao et al. (2023): paper and code",
    },
    {
      when: { dataset: ["mnist", "fashion-mnist", "svhn", "cifar-10", "cifar-100"], ipc: [1001, 10000] },
      set: { steps: 20000, realBatch: 256, imageLearningRate: 0.2, imageMomentum: 0.5 },
      source: "Zhao et al. (2023): paper and code",
    },
    {
      when: { dataset: ["cifar-100"], ipc: [2, 9] },
      set: { steps: 20000, realBatch: 256, imageLearningRate: 0.2, imageMomentum: 0.5 },
      source: "Zhao et al. (2023): paper and code",
    },
    {
      when: { dataset: ["cifar-100"], ipc: [10, 49] },
      set: {
        steps: 20000,
        realBatch: 256,
        imageLearningRate: 0.2,
        imageMomentum: 0.5,
        "tricks.classification.weight": 0.1,
        "hypotheses.trainingSteps": 50,
      },
      source: "Zhao et al. (2023): paper and code",
    },
    {
      when: { dataset: ["cifar-100"], ipc: [50, 1000] },
      set: {
        steps: 20000,
        realBatch: 256,
        imageLearningRate: 0.2,
        imageMomentum: 0.5,
        "tricks.classification.weight": 0.1,
        "hypotheses.trainingSteps": 40,
      },
      source: "Zhao et al. (2023): paper and code",
    },
  ],
  departures: [
    "In the laptop preset a set of ten images per class or more starts at the real images nearest to k-means centres: some hundred steps go not far.",
    "In the laptop preset the classification term of ten images per class or more weighs 0.02, not 0.5.",
    "A network joins the queue of three before every step whose number is a multiple of hypotheses.every but the first; the authors' fourth joins before the first.",
    "Training accuracy is counted from a network's first training on; the authors start to count anew at every evaluation.",
    "The last set is saved; the authors save the one that scored best on the test split.",
    "CIFAR-100 at 50 images a class trains 40 steps at a time, as the authors advise, not 10 as in their list of commands.",
    "The authors report CIFAR-10 and CIFAR-100; other data sets take the values of CIFAR-10.",
  ],
};
