import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { gradientOf, number, work } from "../../engine/index.ts";
import { declareInput } from "../trick.ts";

/**
 * The loss of S shall be flat in its images (GUARD; Xue et al. 2025, after Moosavi-Dezfooli et al. 2019): for every image the
 * gradient of its loss may not change much on a way of length h along itself. It stands for the largest eigenvalue of the Hessian
 * in the image, which bounds how fast a small perturbation raises the loss. The direction stands still.
 */
export const inputCurvature = declareInput({
  kind: "input",
  title: "curvature of the loss of S in its images",
  formula: "mean_i ‖∇ₓℓ(sᵢ + h zᵢ) − ∇ₓℓ(sᵢ)‖², zᵢ = ∇ₓℓ(sᵢ) / ‖∇ₓℓ(sᵢ)‖",
  reference: "§6.2, curvature regularization",
  citation: work(
    "E. Xue, Y. Li, H. Liu, P. Wang, Y. Shen and H. Wang",
    2025,
    "Towards Adversarially Robust Dataset Distillation by Curvature Regularization",
    "AAAI",
  ),
  values: { refused: "it reads the curvature of the cross-entropy" },
  options: {
    weight: number(0.1, 0, undefined, "of the term"),
    h: number(1.5, 1e-6, undefined, "length of the way along the gradient, in deviations of the normalised images"),
  },
  main: "weight",
  readsLabels: true,
  refuses: (_options, { hypotheses }) => (hypotheses === 0 ? "the method looks through no network" : undefined),
  make:
    ({ h }) =>
    ({ loss, images }) => {
      const n = images.shape[0]!;
      const slope = (x: Traced): Traced => gradientOf(loss)(x);
      const here = slope(images.ref);
      const still = lax.stopGradient(here.ref);
      const squares = np.sum(np.square(still.ref), [1, 2, 3], { keepdims: true });
      const way = still.div(np.sqrt(np.maximum(squares, 1e-24))).mul(h);
      const change = slope(images.add(way)).sub(here);
      return np.sum(np.square(change)).mul(1 / n);
    },
});
