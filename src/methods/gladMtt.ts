import { gladMtt as laptop } from "../recipes/laptop/glad.ts";
import type { BilevelMethod } from "./method.ts";

/**
 * GLaD under the matching of training trajectories (Cazenavette et al. 2023; §5.2.1 and A.1.2 of the paper).
 *
 *   min_{F, W, η}  E ‖ θ_N(G_{≥l}(F; W), η) − θ*_{t+M} ‖² / ‖ θ*_t − θ*_{t+M} ‖²,   θ_0 = θ*_t
 */
export const gladMtt: BilevelMethod = {
  name: "glad-mtt",
  title: "Maps and styles of a generator, by trajectories",
  citation: {
    authors: "G. Cazenavette, T. Wang, A. Torralba, A. A. Efros and J.-Y. Zhu",
    year: 2023,
    title: "Generalizing Dataset Distillation via Deep Generative Prior",
    venue: "CVPR",
  },
  formula: "min_{F, W, η} E ‖ θ_N(G_{≥l}(F; W), η) − θ*_{t+M} ‖² / ‖ θ*_t − θ*_{t+M} ‖², θ_0 = θ*_t",
  reference: "§5.2.1, pre-trained GANs; A.1.2",
  objective: {
    solve: {
      name: "unrolled",
      options: { steps: 20, learningRate: 0.01, rates: "shared", form: "plain", rateFactor: 1e-10, order: "random" },
    },
    criterion: { name: "parameter-distance" },
  },
  synthetic: {
    name: "latent",
    options: { generator: "style", steps: 2000, layer: 2, styleRate: 0.001, bound: 10 },
  },
  initialisation: { name: "noise" },
  hypotheses: { name: "experts" },
  augmentation: "siamese",
  tricks: [],
  laptop,
  recipe: [
    {
      when: { dataset: ["cifar-10"], ipc: 1 },
      set: {
        steps: 1000,
        realBatch: 1,
        imageLearningRate: 10000,
        imageMomentum: 0.5,
        "hypotheses.latest": 4,
        "hypotheses.span": 3,
      },
      source: "Cazenavette et al. (2023): code",
    },
  ],
  departures: [
    "The generator is a small one after StyleGAN2, trained on T here; the authors' is StyleGAN-XL, pretrained or random (--set synthetic.steps=0).",
    "Its blocks add their pictures up, so that a code of a layer has the picture so far beside maps and styles.",
    "Codes are held within ±10 after every step; the authors cut maps once, at the start.",
    "The authors read their sets from the best of several checkpoints, scored on test images; attar evaluate scores the last one.",
    "The step size of training on S starts at 0.01.",
    "In the laptop preset Adam moves maps, styles and the step size, and experts and steps are those of mtt's laptop preset.",
  ],
};
