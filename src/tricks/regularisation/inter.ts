import { nn, numpy as np } from "@jax-js/jax";
import { number, work } from "../../engine/index.ts";
import { declareRegularisation } from "../trick.ts";
import { unread, withoutNetwork } from "./features.ts";

/** L_inter (Zhang et al. 2023; A.2.1): mean embeddings of two classes of S should be a margin apart. */
export const inter = declareRegularisation({
  kind: "regularisation",
  title: "L_inter: classes a margin apart",
  formula: "Σ_{y₁≠y₂} ReLU(τ − ‖ mean h(S^{y₁}) − mean h(S^{y₂}) ‖)",
  reference: "A.2.1, diversity term",
  citation: work(
    "D. J. Zhang, H. Wang, C. Xue, R. Yan, W. Zhang, S. Bai and M. Z. Shou",
    2023,
    "Dataset Condensation via Generative Model",
    "arXiv 2309.07698",
  ),
  options: {
    weight: number(0.1, 0, undefined, "of the term"),
    margin: number(10, 0, undefined, "τ, in units of a distance between embeddings"),
  },
  main: "weight",
  refuses: withoutNetwork,
  over: "set",
  hypotheses: 1,
  view: () => "embedding",
  real: "none",
  make: (options) => (sides) => {
    unread(sides);
    const means = np.mean(sides.synthetic[0]!, 1);
    const [groups, k] = means.shape as [number, number];
    const gaps = means.ref.reshape([groups, 1, k]).sub(means.reshape([1, groups, k]));
    // The diagonal has no slope: below the bound the maximum is a constant.
    const distances = np.sqrt(np.maximum(np.sum(np.square(gaps), 2), 1e-24));
    const short = nn.relu(distances.mul(-1).add(options.margin));
    return np.sum(short.mul(np.eye(groups).mul(-1).add(1)));
  },
});
