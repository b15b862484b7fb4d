import { integer, number, work } from "../engine/index.ts";
import { declareAttack } from "./attack.ts";
import { projectedAscent, upCrossEntropy, usualStep } from "./projectedAscent.ts";

/** Small steps up the cross-entropy from the image itself. */
export const bim = declareAttack({
  name: "bim",
  title: "basic iterative method: small steps from the image itself",
  formula: "xₜ₊₁ = Π(xₜ + α sign ∇ₓℓ(xₜ, y)), x₀ = x",
  citation: work(
    "A. Kurakin, I. J. Goodfellow and S. Bengio",
    2017,
    "Adversarial Examples in the Physical World",
    "ICLR Workshop",
  ),
  norms: ["linf", "l2"],
  sees: "gradients",
  leastClasses: 2,
  options: {
    steps: integer(10, 1, 100_000, "steps"),
    step: number(0, 0, undefined, "length of a step as a share of the radius; 0 for 2.5 / steps"),
  },
  run: (victim, { images, labels }, ball, { steps, step }, { signal }) =>
    projectedAscent(upCrossEntropy(victim, labels), images, images.length / labels.length, ball, images, {
      steps,
      length: ball.radius * (step || usualStep(steps)),
      signal,
    }),
});
