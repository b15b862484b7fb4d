import { numpy as np } from "@jax-js/jax";
import { number, work } from "../../engine/index.ts";
import { declareRegularisation } from "../trick.ts";
import { unitRows, unread, withoutNetwork } from "./features.ts";

/** L_cos (Liu et al. 2022; A.2.3): what two hypotheses see in an image should differ. */
export const cosine = declareRegularisation({
  kind: "regularisation",
  title: "L_cos: hypotheses see different things in an image",
  formula: "1/|H|² Σ_y 1/|S^y| Σ_{j≠k} Σ_i σ(h_j(x_i), h_k(x_i)), σ the cosine similarity, |H| = 2",
  reference: "A.2.3, contrastive term",
  citation: work(
    "S. Liu, K. Wang, X. Yang, J. Ye and X. Wang",
    2022,
    "Dataset Distillation via Factorization",
    "NeurIPS",
  ),
  options: { weight: number(0.1, 0, undefined, "of the term") },
  main: "weight",
  refuses: withoutNetwork,
  over: "class",
  hypotheses: 2,
  view: () => "embedding",
  real: "none",
  make: () => (sides) => {
    unread(sides);
    const [first, second] = sides.synthetic;
    const n = first!.shape[1]!;
    // Both orders of the pair.
    return np.sum(unitRows(first!).mul(unitRows(second!))).mul(2 / (4 * n));
  },
});
