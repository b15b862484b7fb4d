import { integer, number, work } from "../engine/index.ts";
import { declareAttack } from "./attack.ts";
import type { Ball } from "./ball.ts";
import { gather, type Points, scatter } from "./points.ts";
import { keyedDraws, type SquareDraws } from "./squareDraws.ts";
import { squareMoves } from "./squareMoves.ts";
import type { Victim } from "./victim.ts";

/** Queries after which the share of pixels that a square changes is halved once more. */
const halvings = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000];

export interface SquareOptions {
  readonly queries: number;
  /** The share of pixels that the first squares change. */
  readonly share: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The square attack (Andriushchenko et al. 2020): random squares of a growing fineness, kept where the margin
 * z_y − max_{k≠y} z_k falls. It sees outputs alone.
 *
 * @returns the images with the least margin found
 */
export async function squareSearch(
  victim: Victim,
  { images, labels, ids }: Points,
  ball: Ball,
  { queries, share, signal }: SquareOptions,
  draws: SquareDraws,
): Promise<Float64Array> {
  const d = images.length / labels.length;
  const moves = squareMoves(ball, victim.shape, draws);
  const best = images.slice();
  for (const [i, id] of Array.from(ids).entries())
    moves.start(images.subarray(i * d, (i + 1) * d), id, best.subarray(i * d, (i + 1) * d));
  const margins = await marginsOf(victim, best, labels);
  const [height, width] = victim.shape.slice(1) as [number, number];
  let active = Array.from(labels, (_, i) => i).filter((i) => margins[i]! > 0);
  for (let query = 0; query < queries && active.length > 0; query++) {
    signal?.throwIfAborted();
    const halved = halvings.filter((after) => query > after).length;
    const side = Math.sqrt((share / 2 ** halved) * height * width);
    const tried = gather(best, active, d);
    const change = moves.query(query, side);
    for (const [a, i] of active.entries())
      change(images.subarray(i * d, (i + 1) * d), ids[i]!, tried.subarray(a * d, (a + 1) * d));
    const found = await marginsOf(
      victim,
      tried,
      Int32Array.from(active, (i) => labels[i]!),
    );
    const better = active.map((_, a) => a).filter((a) => found[a]! < margins[active[a]!]! || found[a]! <= 0);
    const where = better.map((a) => active[a]!);
    scatter(gather(tried, better, d), where, d, best);
    for (const a of better) margins[active[a]!] = found[a]!;
    active = active.filter((i) => margins[i]! > 0);
  }
  return best;
}

/** z_y − max_{k≠y} z_k. */
async function marginsOf(victim: Victim, images: Float64Array, labels: Int32Array): Promise<Float64Array> {
  const { classes } = victim;
  const logits = await victim.logits(images);
  return Float64Array.from(labels, (label, i) => {
    let other = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k++) if (k !== label) other = Math.max(other, logits[i * classes + k]!);
    return logits[i * classes + label]! - other;
  });
}

/** The square attack. */
export const square = declareAttack({
  name: "square",
  title: "square attack: random squares, kept where the margin falls; sees outputs alone",
  formula: "min z_y − max_{k≠y} z_k over random squares of ±ε",
  citation: work(
    "M. Andriushchenko, F. Croce, N. Flammarion and M. Hein",
    2020,
    "Square Attack: A Query-Efficient Black-Box Adversarial Attack via Random Search",
    "ECCV",
  ),
  norms: ["linf", "l2"],
  sees: "outputs",
  leastClasses: 2,
  options: {
    queries: integer(5000, 1, 10_000_000, "queries of an image"),
    share: number(0.8, 1e-6, 1, "share of pixels that the first squares change"),
  },
  run: (victim, points, ball, { queries, share }, { key, signal }) =>
    squareSearch(victim, points, ball, { queries, share, signal }, keyedDraws(key)),
});
