import type { CoresetMethod } from "./method.ts";

/**
 * D4M: Dataset Distillation via Disentangled Diffusion Model (Su et al. 2024; §5.2.1 of the paper).
 *
 *   S_c = g_d( the k-means centres of g_e(T_c), noised for a part of the way and denoised as class c ),   labels σ(h_T(S) / τ)
 *
 * Nothing is optimised: latents of T are clustered class by class, sampling starts from their centres, and a network trained on T says
 * what each result is. `--set synthetic.layer=1` decodes the centres as they are.
 */
export const d4m: CoresetMethod = {
  name: "d4m",
  row: 30,
  title: "Centres of latents, refined by diffusion",
  citation: {
    authors: "D. Su, J. Hou, W. Gao, Y. Tian and B. Tang",
    year: 2024,
    title: "D4M: Dataset Distillation via Disentangled Diffusion Model",
    venue: "CVPR",
  },
  formula: "S_c = g_d( denoised( centres of k-means of g_e(T_c) ) ), labels σ(h_T(S_c) / τ)",
  reference: "§5.2.1; §5.3.3",
  objective: { none: true },
  synthetic: {
    name: "latent",
    options: { generator: "ldm:strength=0.7,ddim=20,guidance=2", steps: 2000, part: "none", fidelity: 0.5 },
  },
  initialisation: { name: "kmeans-centres" },
  labels: { teacher: "convnet", teacherEpochs: 3, temperature: 4 },
  hypotheses: { name: "none" },
  augmentation: "none",
  tricks: [],
  recipe: [],
  departures: [
    "The diffusion model is one trained on T in minutes; the authors take Stable Diffusion, whose prompts are names of classes and which T is enlarged for.",
    "Latents are means of the autoencoder's codes, of at most 1,000 images of a class in Lloyd's rounds; the authors sample codes and cluster all in mini-batches.",
    "One soft label an image, read with the cross-entropy; the authors store those of every crop and every mixed batch of a training, far more than S.",
  ],
};
