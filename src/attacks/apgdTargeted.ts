import { integer } from "../engine/index.ts";
import { apgd, randomSurface } from "./apgd.ts";
import { autoAttackWork } from "./apgdLoss.ts";
import { declareAttack } from "./attack.ts";
import { classesByLogit } from "./classified.ts";
import { chosenPoints, scatter } from "./points.ts";

/** Auto-PGD towards the classes that an image is next most likely to be taken for, one after the other. */
export const apgdTargeted = declareAttack({
  name: "apgd-t",
  title: "Auto-PGD up the targeted difference of logits ratio, towards the next classes in turn",
  formula: "ℓ = −(z_y − z_t) / (z₍₁₎ − ½(z₍₃₎ + z₍₄₎))",
  citation: autoAttackWork,
  norms: ["linf", "l2"],
  sees: "gradients",
  leastClasses: 4,
  options: {
    steps: integer(100, 1, 100_000, "steps towards a class"),
    targets: integer(9, 1, 10_000, "classes that are tried, at most all others"),
  },
  async run(victim, points, ball, { steps, targets: most }, { key, signal }) {
    const d = points.images.length / points.labels.length;
    const found = points.images.slice();
    const logits = await victim.logits(points.images);
    const ranked = Array.from(points.labels, (_, i) => classesByLogit(logits, i, victim.classes));
    let left = Array.from(points.labels, (_, i) => i);
    for (let rank = 1; rank <= Math.min(most, victim.classes - 1) && left.length > 0; rank++) {
      const own = chosenPoints(points, left);
      const targets = Int32Array.from(left, (i) => ranked[i]![rank]!);
      const start = randomSurface(own, ball, key.fold("start").fold(rank));
      const run = await apgd(victim, own, ball, start, {
        steps,
        loss: "targeted-dlr",
        targets,
        untilFooled: true,
        signal,
      });
      scatter(run.fooling, left, d, found);
      left = left.filter((_, i) => !run.fooled[i]);
    }
    return found;
  },
});
