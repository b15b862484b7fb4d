import type { MatchMethod } from "./method.ts";
import { scaledRate } from "./scaledRate.ts";
import { fromTen, representativeStart, startDeparture } from "./shortRuns.ts";

/** Data sets on which the authors compare gradients by absolute differences. */
const grey = ["digits", "mnist", "fashion-mnist"];

/**
 * IDC: Dataset Condensation via Efficient Synthetic-Data Parameterization (Kim et al. 2022; §5.3.1 of the paper).
 *
 *   min_S  E_θ₀ Σ_t Σ_c D( ∇_θ ℓ(𝒜(𝒜_r(S_c)); θ_t), ∇_θ ℓ(𝒜(T_c); θ_t) ),   θ_t trained on T
 *
 * Every stored image is cut into r × r tiles that are enlarged to whole images (multi-formation 𝒜_r), and the network is
 * trained on real images between steps: on S alone its gradients soon vanish. One step of S after every class.
 */
export const idc: MatchMethod = {
  name: "idc",
  row: 23,
  title: "Multi-formation",
  citation: {
    authors: "J.-H. Kim, J. Kim, S. J. Oh, S. Yun, H. Song, J. Jeong, J.-W. Ha and H. O. Song",
    year: 2022,
    title: "Dataset Condensation via Efficient Synthetic-Data Parameterization",
    venue: "ICML",
  },
  formula: "min_S E_θ₀ Σ_t Σ_c D( ∇_θ ℓ(𝒜(𝒜_r(S_c)); θ_t), ∇_θ ℓ(𝒜(T_c); θ_t) ), θ_t trained on T",
  reference: "§5.3.1, gradient matching with multi-formation",
  objective: { match: [{ view: { name: "loss-gradient" }, discrepancy: { name: "convolution-difference" } }] },
  synthetic: { name: "pixels", options: { factor: 2, range: "unit", clamp: "network", most: 128 } },
  initialisation: { name: "random" },
  hypotheses: {
    name: "alternating",
    options: {
      trainsOn: "real",
      every: 100,
      images: 2000,
      batch: 64,
      learningRate: 0.01,
      momentum: 0.9,
      weightDecay: 5e-4,
      augmented: true,
      mixed: true,
    },
  },
  update: { per: "class" },
  augmentation: "composite:color_crop_cutout",
  tricks: [],
  presets: {
    laptop: {
      steps: 240,
      realBatch: 64,
      imageLearningRate: 5e-3,
      imageMomentum: 0.5,
      "hypotheses.every": 20,
      "hypotheses.images": 512,
    },
    paper: { steps: 200000, realBatch: 64, imageLearningRate: 5e-3, imageMomentum: 0.5 },
  },
  tuned: [
    representativeStart,
    { datasets: grey, set: { "discrepancy.norm": "l1", "hypotheses.images": 500 } },
    { datasets: ["digits", "mnist"], set: { augmentation: "composite:color_crop", "hypotheses.mixed": false } },
    { preset: "paper", datasets: ["svhn"], set: { "hypotheses.images": 500 } },
    ...scaledRate(1.5e-3, { datasets: grey }),
    fromTen({ steps: 170 }),
    ...scaledRate(5e-3, { preset: "paper", datasets: ["cifar-10", "cifar-100", "svhn"] }),
    ...scaledRate(1e-4, { preset: "paper", datasets: ["digits", "mnist"] }),
    ...scaledRate(1e-4 * (28 / 32) ** 2, { preset: "paper", datasets: ["fashion-mnist"] }),
  ],
  departures: [
    startDeparture,
    "In the laptop preset S moves fifteen times as fast on grey images, in a thousandth of the steps.",
    "Real images are drawn at random where the authors take the first ones of a class: for the initial tiles and for batches.",
    "The saved set is cut to 0..1; the authors cut when a new network begins and save what came after.",
    "Evaluation augments with the field's siamese operators instead of flip, colour, one geometric operator and CutMix.",
    "CIFAR-100 is normalised with its own statistics, the authors use CIFAR-10's.",
  ],
};
