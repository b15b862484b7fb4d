import { cep as laptop } from "../recipes/laptop/cep.ts";
import type { MatchMethod } from "./method.ts";

/**
 * CEP: Dataset Distillation with Channel Efficient Process (Zhou et al. 2024; §5.3.1 of the paper).
 *
 *   min_S  E_θ₀ Σ_t Σ_c D( ∇_θ ℓ(𝒜(𝒜_r(𝒜_c(S_c))); θ_t), ∇_θ ℓ(𝒜(T_c); θ_t) ),   θ_t trained on T
 *
 * IDC whose stored images are coloured as well: three learned 1 × 1 convolutions an image, a few floats each, make four
 * training images of one (channel-wise multi-formation 𝒜_c) before spatial formation makes four of each of them.
 */
export const cep: MatchMethod = {
  name: "cep",
  row: 24,
  title: "Channel-wise multi-formation",
  citation: {
    authors: "W. Zhou, G. Zheng and X. Ding",
    year: 2024,
    title: "Dataset Distillation with Channel Efficient Process",
    venue: "ICASSP",
  },
  formula: "min_S E_θ₀ Σ_t Σ_c D( ∇_θ ℓ(𝒜(𝒜_r(𝒜_c(S_c))); θ_t), ∇_θ ℓ(𝒜(T_c); θ_t) ), θ_t trained on T",
  reference: "§5.3.1, gradient matching with channel-wise multi-formation",
  objective: { match: [{ view: { name: "loss-gradient" }, discrepancy: { name: "convolution-difference" } }] },
  synthetic: { name: "channel-formation", options: { factor: 2, range: "unit", clamp: "network", most: 128 } },
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
      weightDecay: 0.0005,
      augmented: true,
      mixed: true,
    },
  },
  update: { per: "class" },
  augmentation: "composite:color_crop_cutout",
  tricks: [],
  laptop,
  recipe: [],
  departures: [
    "No code of the authors is known: 𝒜_c is the one of A.3, on top of IDC with IDC's hyperparameters.",
    "Maps start within 0.2 of the identity and learn at a tenth of the images' rate, both of our choice.",
    "The paper writes 𝒜_c around T as well; here T is left as it is, as IDC leaves it with 𝒜_r.",
    "In the laptop preset a set of ten images per class or more starts at the real images nearest to k-means centres: some hundred steps go not far.",
    "In the laptop preset S moves fifteen times as fast on grey images, in a thousandth of the steps.",
    "Real images are drawn at random where the authors take the first ones of a class: for the initial tiles and for batches.",
    "The saved set is cut to 0..1; the authors cut when a new network begins and save what came after.",
    "Evaluation augments with the field's siamese operators instead of flip, colour, one geometric operator and CutMix.",
    "CIFAR-100 is normalised with its own statistics, the authors use CIFAR-10's.",
  ],
};
