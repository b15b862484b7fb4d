import { work } from "../engine/index.ts";
import { declareAttack } from "./attack.ts";
import { ascend, project } from "./ball.ts";

/** One step of the whole radius up the cross-entropy. */
export const fgsm = declareAttack({
  name: "fgsm",
  title: "fast gradient sign method: one step of the whole radius",
  formula: "x + ε sign ∇ₓℓ(x, y); for L2 x + ε ∇ₓℓ / ‖∇ₓℓ‖",
  citation: work(
    "I. J. Goodfellow, J. Shlens and C. Szegedy",
    2015,
    "Explaining and Harnessing Adversarial Examples",
    "ICLR",
  ),
  norms: ["linf", "l2"],
  sees: "gradients",
  leastClasses: 2,
  options: {},
  async run(victim, { images, labels }, ball) {
    const d = images.length / labels.length;
    const { gradient } = await victim.slope("cross-entropy", images, labels);
    const moved = images.slice();
    for (let from = 0; from < images.length; from += d) {
      ascend(ball.norm, moved, gradient, ball.radius, from, d);
      project(ball, images, moved, from, d);
    }
    return moved;
  },
});
