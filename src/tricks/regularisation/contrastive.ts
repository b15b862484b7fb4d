import { nn } from "@jax-js/jax";
import { number, work } from "../../engine/index.ts";
import { declareRegularisation } from "../trick.ts";
import { alone, diagonalSum, products, unread, withoutNetwork } from "./features.ts";

/**
 * L_con (Liu et al. 2022; A.2.3): two hypotheses should agree on an image and disagree on different images of a class. Where
 * the paper's denominator counts images t with h_t(x_i), a slip, it is read as h_k(x_t).
 */
export const contrastive = declareRegularisation({
  kind: "regularisation",
  title: "L_con: hypotheses agree on an image, not on different ones",
  formula:
    "−1/|H|² Σ_y 1/|S^y| Σ_{j≠k} Σ_i log( e^{⟨h_j(x_i), h_k(x_i)⟩/τ} / Σ_t e^{⟨h_j(x_i), h_k(x_t)⟩/τ} ), |H| = 2",
  reference: "A.2.3, contrastive term",
  citation: work(
    "S. Liu, K. Wang, X. Yang, J. Ye and X. Wang",
    2022,
    "Dataset Distillation via Factorization",
    "NeurIPS",
  ),
  options: {
    weight: number(0.1, 0, undefined, "of the term"),
    temperature: number(1, 1e-6, undefined, "τ, in units of an inner product of embeddings"),
  },
  main: "weight",
  refuses: (options, method) => withoutNetwork(options, method) ?? alone(method.imagesPerClass),
  over: "class",
  hypotheses: 2,
  view: () => "embedding",
  real: "none",
  make: (options) => (sides) => {
    unread(sides);
    const [first, second] = sides.synthetic;
    const n = first!.shape[1]!;
    const scores = products(first!, second!).mul(1 / options.temperature);
    const along = (axis: 1 | 2) => diagonalSum(nn.logSoftmax(scores.ref, axis));
    const sum = along(1).add(along(2));
    scores.dispose();
    return sum.mul(-1 / (4 * n));
  },
});
