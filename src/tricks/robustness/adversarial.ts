import { choice, integer, number, work } from "../../engine/index.ts";
import { declareAdversary } from "../trick.ts";

/**
 * Real images are perturbed against the step's network, as far as a radius allows: what S is held against, or what a network
 * trained on S is to do well on, is T at its worst (Wu et al. 2022; of a kernel regression Tsilivis et al. 2022). The
 * perturbation stands still where S is differentiated, by Danskin's theorem. The radius grows from 0 in the first part of a run.
 */
export const adversarial = declareAdversary({
  kind: "adversary",
  title: "real images perturbed against the step's network",
  formula: "T ∋ (x, y) becomes (x + δ, y), δ = argmax_{‖δ‖ ≤ ε} ℓ(h(x + δ), y)",
  reference: "§6.2, adversarially robust condensation",
  citation: work(
    "Y. Wu, X. Li, F. Kerschbaum, H. Huang and H. Zhang",
    2022,
    "Towards Robust Dataset Learning",
    "arXiv 2211.10752",
  ),
  values: { refused: "it raises the loss of a class" },
  options: {
    radius: number(0.1, 0, undefined, "ε, in pixels from black at 0 to white at 1"),
    norm: choice("linf", ["linf", "l2"], "of the perturbation"),
    steps: integer(3, 1, 1000, "steps of the attack"),
    step: number(0.5, 0, undefined, "length of a step as a share of the radius"),
    ramp: number(1 / 3, 0, 1, "share of the run in which the radius grows from 0"),
  },
  main: "radius",
  refuses(_options, { whitened }) {
    return whitened ? "perturbations are of pixels, and the images are whitened" : undefined;
  },
  make:
    ({ radius, norm, steps, step, ramp }) =>
    (progress) => ({ norm, radius: ramp > 0 ? radius * Math.min(1, progress / ramp) : radius, steps, step }),
});
