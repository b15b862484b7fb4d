import { type Citation, integer, type RandomKey, work } from "../engine/index.ts";
import { apgd, randomSurface } from "./apgd.ts";
import { type Attack, declareAttack } from "./attack.ts";
import { chosenPoints, scatter } from "./points.ts";
import type { AttackLoss } from "./victim.ts";

/** The work that Auto-PGD and AutoAttack come from. */
export const autoAttackWork: Citation = work(
  "F. Croce and M. Hein",
  2020,
  "Reliable Evaluation of Adversarial Robustness with an Ensemble of Diverse Parameter-Free Attacks",
  "ICML",
);

const options = {
  steps: integer(100, 1, 100_000, "steps of a run"),
  restarts: integer(1, 1, 10_000, "runs from other random starts, until one fools"),
};

/** Auto-PGD up a loss of logits and label. */
const untargeted = (
  name: string,
  loss: AttackLoss,
  title: string,
  formula: string,
  leastClasses: number,
): Attack<typeof options> =>
  declareAttack({
    name,
    title,
    formula,
    citation: autoAttackWork,
    norms: ["linf", "l2"],
    sees: "gradients",
    leastClasses,
    options,
    async run(victim, points, ball, { steps, restarts }, { key, signal }) {
      const d = points.images.length / points.labels.length;
      const found = points.images.slice();
      let left = Array.from(points.labels, (_, i) => i);
      for (let restart = 0; restart < restarts && left.length > 0; restart++) {
        const own = chosenPoints(points, left);
        const start = randomSurface(own, ball, startKey(key, restart));
        const run = await apgd(victim, own, ball, start, { steps, loss, untilFooled: true, signal });
        scatter(run.fooling, left, d, found);
        left = left.filter((_, i) => !run.fooled[i]);
      }
      return found;
    },
  });

const startKey = (key: RandomKey, restart: number) => key.fold("start").fold(restart);

export const apgdCe = untargeted(
  "apgd-ce",
  "cross-entropy",
  "Auto-PGD up the cross-entropy",
  "steps of 2ε, halved where the loss stalls; ℓ = −log softmax(z)_y",
  2,
);

export const apgdDlr = untargeted(
  "apgd-dlr",
  "dlr",
  "Auto-PGD up the difference of logits ratio",
  "ℓ = −(z_y − max_{k≠y} z_k) / (z₍₁₎ − z₍₃₎)",
  3,
);
