import type { RandomKey } from "../engine/index.ts";
import { ascend, type Ball, project } from "./ball.ts";
import { isRight } from "./classified.ts";
import { drawnFor, gather, type Points, scatter } from "./points.ts";
import type { AttackLoss, Victim } from "./victim.ts";

/** A step is halved where fewer than this share of the last steps raised the loss. */
const rising = 0.75;
/** The share of a move that is the new step; the rest is the last move. */
const fresh = 0.75;

export interface ApgdOptions {
  readonly steps: number;
  readonly loss: AttackLoss;
  /** The other class of each point, for targeted losses. */
  readonly targets?: Int32Array;
  /** True where the search for a point ends as soon as it is fooled. */
  readonly untilFooled: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface ApgdResult {
  /** The largest loss of each point along its way, and where it was. */
  readonly loss: Float64Array;
  readonly highest: Float64Array;
  /** The last iterate of each point that fooled the classifier, or where the search began; 1 in `fooled` where there is one. */
  readonly fooling: Float64Array;
  readonly fooled: Uint8Array;
}

/**
 * Auto-PGD (Croce and Hein 2020, algorithm 1): ascent with momentum whose step begins at twice the radius and is halved, point by
 * point, at checkpoints that come ever closer: where the loss rose in fewer than three quarters of the steps since the last one,
 * or where the step was kept there and the best loss has not risen since. It then goes on from the best place so far.
 *
 * As in the authors' code the window that ends at the first checkpoint compares its first loss with zero.
 *
 * @param start [n, d], in the ball
 */
export async function apgd(
  victim: Victim,
  { images, labels }: Points,
  ball: Ball,
  start: Float64Array,
  { steps, loss, targets, untilFooled, signal }: ApgdOptions,
): Promise<ApgdResult> {
  const n = labels.length;
  const d = images.length / n;
  const x = start.slice();
  const before = start.slice();
  const first = await victim.slope(loss, x, labels, targets);
  const gradient = first.gradient;
  const best = { x: start.slice(), loss: first.loss.slice(), gradient: gradient.slice() };
  const fooling = start.slice();
  const fooled = Uint8Array.from(labels, (label, i) => Number(!isRight(first.logits, i, label, victim.classes)));
  const step = new Float64Array(n).fill(2 * ball.radius);
  const rises = new Uint32Array(n);
  const last = new Float64Array(n);
  const halved = new Uint8Array(n).fill(1);
  const bestBefore = best.loss.slice();
  const move = (i: number, momentum: number) => {
    const from = i * d;
    const [own, target] = [images.subarray(from, from + d), x.slice(from, from + d)];
    ascend(ball.norm, target, gradient.subarray(from, from + d), step[i]!, 0, d);
    project(ball, own, target, 0, d);
    for (let j = 0; j < d; j++) {
      const at = x[from + j]!;
      target[j] = at + momentum * (target[j]! - at) + (1 - momentum) * (at - before[from + j]!);
      before[from + j] = at;
    }
    project(ball, own, target, 0, d);
    x.set(target, from);
  };
  let window = Math.max(1, Math.floor(0.22 * steps));
  let since = 0;
  let active = left(n, untilFooled, fooled);
  for (let k = 0; k < steps && active.length > 0; k++) {
    signal?.throwIfAborted();
    for (const i of active) move(i, k > 0 ? fresh : 1);
    const own = Int32Array.from(active, (i) => labels[i]!);
    const goals = targets && Int32Array.from(active, (i) => targets[i]!);
    const now = await victim.slope(loss, gather(x, active, d), own, goals);
    scatter(now.gradient, active, d, gradient);
    for (const [a, i] of active.entries()) {
      const [from, to] = [i * d, (i + 1) * d];
      if (!isRight(now.logits, a, own[a]!, victim.classes)) {
        fooled[i] = 1;
        fooling.set(x.subarray(from, to), from);
      }
      const value = now.loss[a]!;
      if (value > last[i]!) rises[i]! += 1;
      last[i] = value;
      if (value > best.loss[i]!) {
        best.loss[i] = value;
        best.x.set(x.subarray(from, to), from);
        best.gradient.set(gradient.subarray(from, to), from);
      }
    }
    since++;
    if (since === window) {
      for (const i of active) {
        const stuck = !halved[i] && bestBefore[i]! >= best.loss[i]!;
        halved[i] = Number(rises[i]! <= rising * window || stuck);
        bestBefore[i] = best.loss[i]!;
        rises[i] = 0;
        if (!halved[i]) continue;
        step[i]! /= 2;
        x.set(best.x.subarray(i * d, (i + 1) * d), i * d);
        gradient.set(best.gradient.subarray(i * d, (i + 1) * d), i * d);
      }
      since = 0;
      window = Math.max(window - Math.max(1, Math.floor(0.03 * steps)), Math.max(1, Math.floor(0.06 * steps)));
    }
    active = left(n, untilFooled, fooled);
  }
  return { loss: best.loss, highest: best.x, fooling, fooled };
}

const left = (n: number, untilFooled: boolean, fooled: Uint8Array): number[] =>
  Array.from({ length: n }, (_, i) => i).filter((i) => !untilFooled || !fooled[i]);

/** Places on the ball's surface: uniform numbers scaled to the radius for L∞, a random direction for L2. */
export function randomSurface(points: Points, ball: Ball, key: RandomKey): Float64Array {
  const d = points.images.length / points.labels.length;
  const moves = drawnFor(points, key, (own) => {
    const drawn = ball.norm === "linf" ? own.uniform(d, -1, 1) : own.normal(d);
    const length =
      ball.norm === "linf"
        ? drawn.reduce((most, v) => Math.max(most, Math.abs(v)), 0)
        : Math.sqrt(drawn.reduce((sum, v) => sum + v * v, 0));
    return drawn.map((v) => (ball.radius * v) / (length + 1e-12));
  });
  const x = points.images.map((v, j) => v + moves[j]!);
  for (let from = 0; from < x.length; from += d) project(ball, points.images, x, from, d);
  return x;
}
