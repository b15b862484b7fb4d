import { numpy as np } from "@jax-js/jax";
import { choice, number, work } from "../../engine/index.ts";
import { declareRegularisation } from "../trick.ts";
import { joined, products, unitRows, unread, withoutNetwork } from "./features.ts";

/**
 * L_rep (Gu et al. 2024; A.2.2): images of S should resemble images of T. As the paper writes it, the *least* similar image
 * counts (`counts: "farthest"`); its sentence, an image of S close to at least one of T, is `counts: "nearest"`. T is the
 * step's real batch.
 */
export const representative = declareRegularisation({
  kind: "regularisation",
  title: "L_rep: likeness to real images",
  formula: "mean_{x∈S} −min_{x′∈T} σ(x, x′), σ the cosine similarity",
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
    among: choice("set", ["set", "class"], "real images of all classes, or of the image's own"),
    counts: choice(
      "farthest",
      ["farthest", "nearest"],
      "the real image that counts: minus the minimum, or the maximum",
    ),
  },
  main: "weight",
  refuses: withoutNetwork,
  over: "set",
  hypotheses: 1,
  view: ({ of }) => of,
  real: "rows",
  make:
    ({ among, counts }) =>
    (sides) => {
      unread(sides);
      const all = among === "set" ? joined : <T>(x: T) => x;
      const likeness = products(unitRows(all(sides.synthetic[0]!)), unitRows(all(sides.real!)));
      const counting = counts === "nearest" ? np.max(likeness, 2) : np.min(likeness, 2);
      return np.mean(counting).mul(-1);
    },
});
