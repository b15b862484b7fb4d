import { integer, number, work } from "../engine/index.ts";
import { declareAttack } from "./attack.ts";
import { boxed } from "./ball.ts";
import { isRight } from "./classified.ts";
import { gather, type Points } from "./points.ts";
import type { Victim } from "./victim.ts";

/**
 * Iterates over the nearest of all tangents' decision planes in L2, until the class changes.
 *
 * @returns where each point was when it was last looked at, or had been moved after the last step
 */
export async function deepfoolFrom(
  victim: Victim,
  { images, labels }: Points,
  { steps, overshoot, signal }: { steps: number; overshoot: number; signal?: AbortSignal | undefined },
): Promise<Float64Array> {
  const { classes } = victim;
  const d = images.length / labels.length;
  const x = images.slice();
  let active = Array.from(labels, (_, i) => i);
  for (let step = 0; step < steps; step++) {
    signal?.throwIfAborted();
    const logits = await victim.logits(gather(x, active, d));
    active = active.filter((i, a) => isRight(logits, a, labels[i]!, classes));
    if (active.length === 0) break;
    const own = Int32Array.from(active, (i) => labels[i]!);

    const none = { away: Number.POSITIVE_INFINITY, factor: 0, w: new Float64Array() as Float64Array };
    const nearest = active.map(() => none);
    for (let k = 0; k < classes; k++) {
      const goals = new Int32Array(active.length).fill(k);
      const { loss, gradient } = await victim.slope("difference", gather(x, active, d), own, goals);
      for (const [a, label] of own.entries()) {
        if (label === k) continue;
        const w = gradient.subarray(a * d, (a + 1) * d);
        const squares = w.reduce((sum, v) => sum + v * v, 0);
        const away = Math.abs(loss[a]!) / Math.sqrt(squares);
        if (away < nearest[a]!.away) nearest[a] = { away, factor: Math.abs(loss[a]!) / squares, w };
      }
    }
    for (const [a, i] of active.entries()) {
      const { factor, w } = nearest[a]!;
      for (const [j, v] of w.entries()) {
        const at = i * d + j;
        x[at] = boxed(x[at]! + (1 + overshoot) * factor * v, images[at]!);
      }
    }
  }
  return x;
}

/** DeepFool; what is within the radius counts. */
export const deepfool = declareAttack({
  name: "deepfool",
  title: "DeepFool: over the nearest tangent's decision plane, again and again",
  formula: "xₜ₊₁ = xₜ + (1 + η) |z_k − z_y| w / ‖w‖², w = ∇(z_k − z_y), k the nearest",
  citation: work(
    "S.-M. Moosavi-Dezfooli, A. Fawzi and P. Frossard",
    2016,
    "DeepFool: A Simple and Accurate Method to Fool Deep Neural Networks",
    "CVPR",
  ),
  norms: ["l2"],
  sees: "gradients",
  leastClasses: 2,
  options: {
    steps: integer(50, 1, 100_000, "steps, at most"),
    overshoot: number(0.02, 0, undefined, "what a step goes beyond the plane, as a share of it"),
  },
  run: (victim, points, _ball, { steps, overshoot }, { signal }) =>
    deepfoolFrom(victim, points, { steps, overshoot, signal }),
});
