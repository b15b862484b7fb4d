import { glad as laptop } from "../recipes/laptop/glad.ts";
import type { MatchMethod } from "./method.ts";

/**
 * GLaD: Generalizing Dataset Distillation via Deep Generative Prior (Cazenavette et al. 2023; §5.2.1 and A.1.2 of the paper), under distribution
 * matching.
 *
 *   min_{F, W}  E_θ Σ_c ‖ mean ψ_θ(𝒜(T_c)) − mean ψ_θ(𝒜(G_{≥l}(F_c; W_c))) ‖²
 *
 * S is what a layer of a generator of styles holds: maps F that the layers from l on start from, and their styles W. An early layer keeps S
 * near to what the generator knows, a late one is nearly pixels.
 */
export const glad: MatchMethod = {
  name: "glad",
  row: 35,
  title: "Maps and styles of a generator",
  citation: {
    authors: "G. Cazenavette, T. Wang, A. Torralba, A. A. Efros and J.-Y. Zhu",
    year: 2023,
    title: "Generalizing Dataset Distillation via Deep Generative Prior",
    venue: "CVPR",
  },
  formula: "min_{F, W} E_θ Σ_c ‖ mean ψ_θ(𝒜(T_c)) − mean ψ_θ(𝒜(G_{≥l}(F_c; W_c))) ‖²",
  reference: "§5.2.1, pre-trained GANs; A.1.2",
  objective: { match: [{ view: { name: "embedding" }, discrepancy: { name: "mean-difference" } }] },
  synthetic: {
    name: "latent",
    options: { generator: "style", steps: 2000, layer: 2, styleRate: 0.001, bound: 10 },
  },
  initialisation: { name: "noise" },
  hypotheses: { name: "fresh" },
  augmentation: "siamese",
  tricks: [],
  laptop,
  recipe: [
    {
      when: { dataset: ["cifar-10"], ipc: [1, 10] },
      set: { steps: 1000, realBatch: 256, imageLearningRate: 10, imageMomentum: 0.5 },
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
