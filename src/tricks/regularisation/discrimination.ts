import { nn, numpy as np } from "@jax-js/jax";
import { integer, number, work } from "../../engine/index.ts";
import { declareRegularisation } from "../trick.ts";
import { unread, withoutNetwork } from "./features.ts";

/**
 * L_dis (Wang et al. 2022; A.2.4): the mean embeddings of S's classes should classify the images of T, the step's real batch,
 * by inner product.
 */
export const discrimination = declareRegularisation({
  kind: "regularisation",
  title: "L_dis: real images classified by the class means of S",
  formula: "−1/C Σ_y mean_{x∈T^y} log softmax( ⟨h(x), mean h(S^{y′})⟩_{y′} )_y",
  reference: "A.2.4, discrimination term",
  citation: work(
    "K. Wang, B. Zhao, X. Peng, Z. Zhu, S. Yang, S. Wang, G. Huang, H. Bilen, X. Wang and Y. You",
    2022,
    "CAFE: Learning to Condense Dataset by Aligning Features",
    "CVPR",
  ),
  options: {
    weight: number(0.1, 0, undefined, "of the term"),
    classes: integer(
      0,
      0,
      undefined,
      "classes the weight is for, with whose number it grows; 0 for one weight for all",
    ),
  },
  main: "weight",
  refuses: withoutNetwork,
  over: "set",
  hypotheses: 1,
  view: () => "embedding",
  real: "rows",
  make: (options) => (sides) => {
    unread(sides);
    const prototypes = np.mean(sides.synthetic[0]!, 1);
    const [groups, m, k] = sides.real!.shape as [number, number, number];
    const scores = np.matmul(sides.real!.reshape([groups * m, k]), prototypes.transpose());
    const own = nn
      .logSoftmax(scores, 1)
      .reshape([groups, m, groups])
      .mul(np.eye(groups).reshape([groups, 1, groups]));
    const classes = options.classes;
    return np.sum(own).mul(-(classes === 0 ? 1 : groups / classes) / (groups * m));
  },
});
