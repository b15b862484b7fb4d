import { numpy as np } from "@jax-js/jax";
import { choice, number, work } from "../../engine/index.ts";
import { declareRegularisation } from "../trick.ts";
import { alone, joined, products, unitRows, unread, withoutNetwork } from "./features.ts";

/** L_div (Gu et al. 2024; A.2.2): an image of S should be unlike the most similar other one. */
export const diversity = declareRegularisation({
  kind: "regularisation",
  title: "L_div: unlikeness among synthetic images",
  formula: "mean_{x∈S} max_{x′∈S, x′≠x} σ(x, x′), σ the cosine similarity",
  reference: "A.2.2, representative term",
  citation: work(
    "J. Gu, S. Vahidian, V. Kungurtsev, H. Wang, W. Jiang, Y. You and Y. Chen",
    2024,
    "Efficient Dataset Distillation via Minimax Diffusion",
    "CVPR",
  ),
  options: {
    weight: number(0.1, 0, undefined, "of the term"),
    of: choice("embedding", ["embedding", "pixels"], "what is compared"),
    among: choice("set", ["set", "class"], "synthetic images of all classes, or of the image's own"),
  },
  main: "weight",
  refuses: (options, method) =>
    withoutNetwork(options, method) ?? (options.among === "class" ? alone(method.imagesPerClass) : undefined),
  over: "set",
  hypotheses: 1,
  view: ({ of }) => of,
  real: "none",
  make:
    ({ among }) =>
    (sides) => {
      unread(sides);
      const rows = unitRows(among === "set" ? joined(sides.synthetic[0]!) : sides.synthetic[0]!);
      // Similarities are at most 1: three less, an image is never the most similar to itself.
      const likeness = products(rows.ref, rows).sub(np.eye(rows.shape[1]!).mul(3));
      return np.mean(np.max(likeness, 2));
    },
});
