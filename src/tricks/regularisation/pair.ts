import { numpy as np } from "@jax-js/jax";
import { choice, number, work } from "../../engine/index.ts";
import { declareRegularisation } from "../trick.ts";
import { unread, withoutNetwork } from "./features.ts";

/**
 * L_R (Zhao and Bilen 2022; A.1.2): every image of S stays near to the real image that it started from, its partner, in the features of the
 * step's network and under the step's augmentation of its class.
 */
export const pair = declareRegularisation({
  kind: "regularisation",
  title: "L_R: likeness to the image it started from",
  formula: "Σ_y mean_i ‖h(x_i) − h(x′_i)‖², x′_i the real image that x_i started from",
  reference: "A.1.2, regularisation of codes",
  citation: work(
    "B. Zhao and H. Bilen",
    2022,
    "Synthesizing Informative Training Samples with GAN",
    "arXiv 2204.07513",
  ),
  options: {
    weight: number(0.1, 0, undefined, "of the term"),
    of: choice("embedding", ["embedding", "pixels"], "what is compared"),
  },
  main: "weight",
  refuses: (options, method) =>
    withoutNetwork(options, method) ??
    (method.startsFromImages ? undefined : "not every image of S starts from a real one of its own"),
  over: "class",
  hypotheses: 1,
  view: ({ of }) => of,
  real: "partners",
  make: () => (sides) => {
    unread(sides);
    const [own] = sides.synthetic;
    const [, n] = own!.shape as [number, number, number];
    return np.sum(np.square(own!.sub(sides.real!))).mul(1 / n);
  },
});
