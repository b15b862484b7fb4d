import { choice, integer, number, type RandomKey, work } from "../engine/index.ts";
import { declareAttack } from "./attack.ts";
import { type Ball, project } from "./ball.ts";
import { isRight } from "./classified.ts";
import { chosenPoints, drawnFor, gather, type Points, scatter } from "./points.ts";
import { projectedAscent, upCrossEntropy, usualStep } from "./projectedAscent.ts";

/** Projected gradient ascent of the cross-entropy from random places in the ball. */
export const pgd = declareAttack({
  name: "pgd",
  title: "projected gradient ascent from random places in the ball",
  formula: "xₜ₊₁ = Π(xₜ + α sign ∇ₓℓ(xₜ, y)); for L2 along ∇ₓℓ / ‖∇ₓℓ‖",
  citation: work(
    "A. Madry, A. Makelov, L. Schmidt, D. Tsipras and A. Vladu",
    2018,
    "Towards Deep Learning Models Resistant to Adversarial Attacks",
    "ICLR",
  ),
  norms: ["linf", "l2"],
  sees: "gradients",
  leastClasses: 2,
  options: {
    steps: integer(20, 1, 100_000, "steps"),
    step: number(0, 0, undefined, "length of a step as a share of the radius; 0 for 2.5 / steps"),
    restarts: integer(1, 1, 10_000, "starts, until one fools"),
    start: choice("random", ["random", "image"], "where a start is: at random in the ball, or the image itself"),
  },
  async run(victim, points, ball, { steps, step, restarts, start }, { key, signal }) {
    const d = points.images.length / points.labels.length;
    const found = points.images.slice();
    let left = Array.from(points.labels, (_, i) => i);
    for (let restart = 0; restart < restarts && left.length > 0; restart++) {
      const own = chosenPoints(points, left);
      const from = start === "image" ? own.images : randomStart(own, ball, key.fold(restart));
      const length = ball.radius * (step || usualStep(steps));
      const slope = upCrossEntropy(victim, own.labels);
      const reached = await projectedAscent(slope, own.images, d, ball, from, { steps, length, signal });
      scatter(reached, left, d, found);
      if (restart + 1 === restarts) break;
      const logits = await victim.logits(gather(found, left, d));
      left = left.filter((_, i) => isRight(logits, i, own.labels[i]!, victim.classes));
    }
    return found;
  },
});

/** A place in the ball: uniform for L∞; for L2 a direction at random, and a share of the radius uniform from 0 to 1. */
function randomStart(points: Points, ball: Ball, key: RandomKey): Float64Array {
  const { radius } = ball;
  const moves = drawnFor(points, key, (own, d) => {
    if (ball.norm === "linf") return own.uniform(d, -radius, radius);
    const direction = own.fold("direction").normal(d);
    const length = Math.sqrt(direction.reduce((sum, v) => sum + v * v, 0));
    const share = (radius * own.fold("length").number()) / length;
    return direction.map((v) => v * share);
  });
  const d = points.images.length / points.labels.length;
  const x = points.images.map((v, j) => v + moves[j]!);
  for (let from = 0; from < x.length; from += d) project(ball, points.images, x, from, d);
  return x;
}
