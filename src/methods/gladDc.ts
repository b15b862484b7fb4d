import { gladDc as laptop } from "../recipes/laptop/glad.ts";
import type { MatchMethod } from "./method.ts";

/**
 * GLaD under gradient matching with Siamese augmentation (Cazenavette et al. 2023; §5.2.1 and A.1.2 of the paper).
 *
 *   min_{F, W}  E_θ₀ Σ_t Σ_c D( ∇_θ ℓ(𝒜(G_{≥l}(F_c; W_c)); θ_t), ∇_θ ℓ(𝒜(T_c); θ_t) ),   θ_t trained on S
 */
export const gladDc: MatchMethod = {
  name: "glad-dc",
  title: "Maps and styles of a generator, by gradients",
  citation: {
    authors: "G. Cazenavette, T. Wang, A. Torralba, A. A. Efros and J.-Y. Zhu",
    year: 2023,
    title: "Generalizing Dataset Distillation via Deep Generative Prior",
    venue: "CVPR",
  },
  formula: "min_{F, W} E_θ₀ Σ_t Σ_c D( ∇_θ ℓ(𝒜(G_{≥l}(F_c; W_c)); θ_t), ∇_θ ℓ(𝒜(T_c); θ_t) ), θ_t trained on S",
  reference: "§5.2.1, pre-trained GANs; A.1.2",
  objective: { match: [{ view: { name: "loss-gradient" }, discrepancy: { name: "gradient-layerwise" } }] },
  synthetic: {
    name: "latent",
    options: { generator: "style", steps: 2000, layer: 2, styleRate: 0.001, bound: 10 },
  },
  initialisation: { name: "noise" },
  hypotheses: {
    name: "alternating",
    options: { trainsOn: "synthetic", batch: 256, learningRate: 0.01, augmented: true },
  },
  augmentation: "siamese",
  tricks: [],
  laptop,
  recipe: [
    {
      when: { dataset: ["cifar-10"], ipc: 1 },
      set: { steps: 1000, realBatch: 256, imageLearningRate: 1, imageMomentum: 0.5 },
      source: "Cazenavette et al. (2023): code",
    },
  ],
  departures: [
    "The generator is a small one after StyleGAN2, trained on T here; the authors' is StyleGAN-XL, pretrained or random (--set synthetic.steps=0).",
    "Its blocks add their pictures up, so that a code of a layer has the picture so far beside maps and styles.",
    "Codes are held within ±10 after every step; the authors cut maps once, at the start.",
    "The authors read their sets from the best of several checkpoints, scored on test images; attar evaluate scores the last one.",
    "In the laptop preset Adam moves maps and styles, at one rate.",
  ],
};
