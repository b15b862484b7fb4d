import { nsd as laptop } from "../recipes/laptop/nsd.ts";
import type { BilevelMethod } from "./method.ts";
import { mtt } from "./mtt.ts";

/**
 * NSD: Neural Spectral Decomposition for Dataset Distillation (Yang et al. 2024; §5.3.1 and A.1.5 of the paper).
 *
 *   min_{T, K, η}  E ‖ θ_N(S, η) − θ*_{t+M} ‖² / ‖ θ*_t − θ*_{t+M} ‖²,   S = { T_i ⊗ K_j }
 *
 * Trajectory matching in which S is of low rank: spectrum tensors of each class through kernels that all classes share, every
 * pair an image.
 */
export const nsd: BilevelMethod = {
  ...mtt,
  name: "nsd",
  row: 14,
  title: "spectral decomposition under trajectory matching",
  citation: {
    authors: "S. Yang, S. Cheng, M. Hong, H. Fan, X. Wei and S. Liu",
    year: 2024,
    title: "Neural Spectral Decomposition for Dataset Distillation",
    venue: "ECCV",
  },
  formula: "min_{T, K, η} E ‖ θ_N(S, η) − θ*_{t+M} ‖² / ‖ θ*_t − θ*_{t+M} ‖², S = { T_i ⊗ K_j }",
  reference: "§5.3.1, trajectory matching with neural spectral decomposition; A.1.5",
  synthetic: { name: "spectral" },
  laptop,
  recipe: [],
  departures: [
    "Spectra of half an image's sides and four kernels of rows, columns and channels: the authors' sizes were not to be had.",
    "No guidance by the real distribution: what it is was not to be had either.",
    "The authors' hyperparameters were not to be had: the laptop's are those of mtt with fewer steps.",
    ...mtt.departures,
  ],
};
