import { work } from "../../engine/index.ts";
import { infiniteNetwork } from "./infiniteNetwork.ts";

/**
 * The tangent kernel of infinitely wide networks, E_θ ∇f_θ(x)·∇f_θ(y): layer by layer T ← q + σ_w² E[relu′ relu′] T beside the
 * covariance q of {@link nngp} (fullyConnected.ts, convolutional.ts). That of one finite network is in empiricalNtk.ts.
 */
export const ntk = infiniteNetwork("ntk", {
  title: "infinitely wide network after gradient descent: its tangent kernel's regression",
  citation: work(
    "A. Jacot, F. Gabriel and C. Hongler",
    2018,
    "Neural Tangent Kernel: Convergence and Generalization in Neural Networks",
    "NeurIPS",
  ),
});
