import { nn, numpy as np } from "@jax-js/jax";
import { number, work } from "../../engine/index.ts";
import { declareRegularisation } from "../trick.ts";
import { diagonalSum, products, unread, withoutNetwork } from "./features.ts";

/**
 * L_intra (Zhang et al. 2023; A.2.1): an image of S should look like its class and unlike the other images of the class. The
 * class embedding c(y) is the mean embedding of T's images of the class under the same hypothesis, not a learned one.
 */
export const intra = declareRegularisation({
  kind: "regularisation",
  title: "L_intra: diversity within a class",
  formula: "Σ_y mean_i −log( e^{⟨h(x_i), c(y)⟩/τ} / (e^{⟨h(x_i), c(y)⟩/τ} + Σ_{j≠i} e^{⟨h(x_i), h(x_j)⟩/τ}) )",
  reference: "A.2.1, diversity term",
  citation: work(
    "D. J. Zhang, H. Wang, C. Xue, R. Yan, W. Zhang, S. Bai and M. Z. Shou",
    2023,
    "Dataset Condensation via Generative Model",
    "arXiv 2309.07698",
  ),
  options: {
    weight: number(0.1, 0, undefined, "of the term"),
    temperature: number(1, 1e-6, undefined, "τ, in units of an inner product of embeddings"),
  },
  main: "weight",
  refuses: withoutNetwork,
  over: "class",
  hypotheses: 1,
  view: () => "embedding",
  real: "means",
  make: (options) => (sides) => {
    unread(sides);
    const [features] = sides.synthetic;
    const [groups, n, k] = features!.shape as [number, number, number];
    const toClass = np.sum(features!.ref.mul(sides.real!.reshape([groups, 1, k])), 2, { keepdims: true });
    const others = products(features!.ref, features!);
    const own = np.eye(n);
    // Row i: the other images of the class, and the class itself in the place of image i.
    const scores = others.mul(own.ref.mul(-1).add(1)).add(toClass.mul(own));
    return diagonalSum(nn.logSoftmax(scores.mul(1 / options.temperature), 2)).mul(-1 / n);
  },
});
