import { integer, work } from "../engine/index.ts";
import { declareAttack } from "./attack.ts";
import { type Ball, boxed, distance, type Norm } from "./ball.ts";
import { classesByLogit, isRight } from "./classified.ts";
import { towards } from "./hyperplane.ts";
import { chosenPoints, gather, type Points, scatter } from "./points.ts";
import type { Victim } from "./victim.ts";

/** Overshoot over the hyperplane, the largest pull back to the image, and the share of the way kept after a success. */
const [beyond, pull, kept] = [1.05, 0.1, 0.9];
/** The shortest way that a share is taken of. */
const shortest = 1e-8;

export interface FabOptions {
  readonly steps: number;
  /** The class that each point is to be taken for. */
  readonly targets: Int32Array;
  /** A distance within which a point need not be brought any nearer; 0 to use all steps. */
  readonly enough: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * FAB towards one class a point (Croce and Hein 2020): the difference of two logits is replaced by its tangent, whose zeros are a
 * hyperplane; the iterate goes to a mean of the points of that plane nearest to itself and to the image.
 *
 * @returns the nearest point found that fools, and its distance, Infinity where there is none
 */
export async function fabTowards(
  victim: Victim,
  { images, labels }: Points,
  norm: Norm,
  { steps, targets, enough, signal }: FabOptions,
): Promise<{ nearest: Float64Array; distances: Float64Array }> {
  const n = labels.length;
  const d = images.length / n;
  const x = images.slice();
  const nearest = images.slice();
  const distances = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  let active = Array.from(labels, (_, i) => i);
  for (let step = 0; step < steps && active.length > 0; step++) {
    signal?.throwIfAborted();
    const own = Int32Array.from(active, (i) => labels[i]!);
    const goals = Int32Array.from(active, (i) => targets[i]!);
    const { loss, gradient } = await victim.slope("difference", gather(x, active, d), own, goals);
    for (const [a, i] of active.entries()) {
      const image = images.subarray(i * d, (i + 1) * d);
      const at = x.subarray(i * d, (i + 1) * d);
      const w = gradient.subarray(a * d, (a + 1) * d);
      // The tangent at the image: its value where the iterate is, less what w changes on the way.
      const atImage = w.reduce((sum, v, j) => sum + v * (image[j]! - at[j]!), loss[a]!);
      const [ofIterate, ofImage] = [towards(norm, at, image, w, loss[a]!), towards(norm, image, image, w, atImage)];
      const [near, far] = [lengthOf(norm, ofIterate), lengthOf(norm, ofImage)];
      const share = Math.min(near / (near + far), pull);
      for (let j = 0; j < d; j++)
        at[j] = boxed(
          (1 - share) * (at[j]! + beyond * ofIterate[j]!) + share * (image[j]! + beyond * ofImage[j]!),
          image[j]!,
        );
    }
    const logits = await victim.logits(gather(x, active, d));
    for (const [a, i] of active.entries()) {
      if (isRight(logits, a, own[a]!, victim.classes)) continue;
      const [from, to] = [i * d, (i + 1) * d];
      const length = distance(norm, x, images, from, d);
      if (length < distances[i]!) {
        distances[i] = length;
        nearest.set(x.subarray(from, to), from);
      }
      for (let j = from; j < to; j++) x[j] = images[j]! + kept * (x[j]! - images[j]!);
    }
    active = active.filter((i) => !(distances[i]! <= enough));
  }
  return { nearest, distances };
}

const lengthOf = (norm: Norm, move: Float64Array): number =>
  Math.max(shortest, distance(norm, move, new Float64Array(move.length), 0, move.length));

/** FAB towards the classes that an image is next most likely to be taken for; what is within the radius counts. */
export const fabTargeted = declareAttack({
  name: "fab-t",
  title: "fast adaptive boundary attack: the nearest point beyond a tangent, towards the next classes in turn",
  formula: "argmin ‖δ‖ with z_t(x + δ) = z_y(x + δ), by tangents at the iterate and back towards x",
  citation: work(
    "F. Croce and M. Hein",
    2020,
    "Minimally Distorted Adversarial Examples with a Fast Adaptive Boundary Attack",
    "ICML",
    "b",
  ),
  norms: ["linf", "l2"],
  sees: "gradients",
  leastClasses: 2,
  options: {
    steps: integer(100, 1, 100_000, "steps towards a class"),
    targets: integer(9, 1, 10_000, "classes that are tried, at most all others"),
  },
  async run(victim, points, ball: Ball, { steps, targets: most }, { signal }) {
    const d = points.images.length / points.labels.length;
    const found = points.images.slice();
    const logits = await victim.logits(points.images);
    const ranked = Array.from(points.labels, (_, i) => classesByLogit(logits, i, victim.classes));
    let left = Array.from(points.labels, (_, i) => i);
    for (let rank = 1; rank <= Math.min(most, victim.classes - 1) && left.length > 0; rank++) {
      const targets = Int32Array.from(left, (i) => ranked[i]![rank]!);
      const own = chosenPoints(points, left);
      const run = await fabTowards(victim, own, ball.norm, { steps, targets, enough: ball.radius, signal });
      const within = left.map((_, i) => i).filter((i) => run.distances[i]! <= ball.radius);
      scatter(
        gather(run.nearest, within, d),
        within.map((i) => left[i]!),
        d,
        found,
      );
      left = left.filter((_, i) => !(run.distances[i]! <= ball.radius));
    }
    return found;
  },
});
