import { integer, number, work } from "../engine/index.ts";
import { declareAttack } from "./attack.ts";
import { ceilingOf, distance, floorOf } from "./ball.ts";
import { isRight } from "./classified.ts";
import type { Points } from "./points.ts";
import type { Victim } from "./victim.ts";

/** Keeps tanh⁻¹ finite at black and white. */
const shrink = 0.999999;
const [beta1, beta2, tiny] = [0.9, 0.999, 1e-8];
/** The weight beyond which a search for it no longer grows tenfold. */
const unbounded = 1e9;

export interface CwOptions {
  readonly steps: number;
  /** Weights of the margin that are tried: the first is `c`. */
  readonly searches: number;
  readonly c: number;
  readonly rate: number;
  readonly confidence: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Carlini and Wagner's attack in L2: Adam on w, x′ = ½(tanh w + 1) between black and white, down
 * ‖x′ − x‖² + c max(z_y − max_{k≠y} z_k, −κ). The weight c of each point is searched for: halved between bounds where it fooled,
 * ten times as large while it never did.
 *
 * @returns the nearest point found that fools, and its distance, Infinity where there is none
 */
export async function cwNearest(
  victim: Victim,
  { images, labels }: Points,
  { steps, searches, c, rate, confidence, signal }: CwOptions,
): Promise<{ nearest: Float64Array; distances: Float64Array }> {
  const n = labels.length;
  const d = images.length / n;
  const nearest = images.slice();
  const distances = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const weight = new Float64Array(n).fill(c);
  const [low, high] = [new Float64Array(n), new Float64Array(n).fill(Number.POSITIVE_INFINITY)];
  const [floor, width] = [images.map(floorOf), images.map((v) => ceilingOf(v) - floorOf(v))];
  for (let search = 0; search < searches; search++) {
    const w = images.map((v, j) => Math.atanh((2 * ((v - floor[j]!) / width[j]!) - 1) * shrink));
    const [first, second] = [new Float64Array(w.length), new Float64Array(w.length)];
    const succeeded = new Uint8Array(n);
    for (let step = 1; step <= steps; step++) {
      signal?.throwIfAborted();
      const x = w.map((v, j) => floor[j]! + 0.5 * width[j]! * (Math.tanh(v) + 1));
      const { logits, loss, gradient } = await victim.slope("margin", x, labels);
      for (const [i, label] of labels.entries()) {
        const [from, to] = [i * d, (i + 1) * d];
        const length = distance("l2", x, images, from, d);
        if (!isRight(logits, i, label, victim.classes) && length < distances[i]!) {
          distances[i] = length;
          nearest.set(x.subarray(from, to), from);
        }
        if (!isRight(logits, i, label, victim.classes)) succeeded[i] = 1;
        // The margin of the wrong class is above κ: no more of it is wanted.
        const pull = loss[i]! <= confidence ? weight[i]! : 0;
        for (let j = from; j < to; j++) {
          const g = (2 * (x[j]! - images[j]!) - pull * gradient[j]!) * 0.5 * width[j]! * (1 - Math.tanh(w[j]!) ** 2);
          first[j] = beta1 * first[j]! + (1 - beta1) * g;
          second[j] = beta2 * second[j]! + (1 - beta2) * g * g;
          const mean = first[j]! / (1 - beta1 ** step);
          const spread = Math.sqrt(second[j]! / (1 - beta2 ** step));
          w[j]! -= (rate * mean) / (spread + tiny);
        }
      }
    }
    for (let i = 0; i < n; i++) {
      if (succeeded[i]) high[i] = Math.min(high[i]!, weight[i]!);
      else low[i] = Math.max(low[i]!, weight[i]!);
      weight[i] = high[i]! < unbounded ? (low[i]! + high[i]!) / 2 : weight[i]! * 10;
    }
  }
  return { nearest, distances };
}

/** Carlini and Wagner's attack; what is within the radius counts. */
export const cw = declareAttack({
  name: "cw",
  title: "Carlini and Wagner's attack: the nearest image that fools, by Adam",
  formula: "min ‖δ‖² + c max(z_y − max_{k≠y} z_k, −κ), x + δ = ½(tanh w + 1)",
  citation: work("N. Carlini and D. Wagner", 2017, "Towards Evaluating the Robustness of Neural Networks", "IEEE S&P"),
  norms: ["l2"],
  sees: "gradients",
  leastClasses: 2,
  options: {
    steps: integer(100, 1, 100_000, "steps of Adam for a weight c"),
    searches: integer(1, 1, 100, "weights c that are tried; the authors try 9, from 0.001, with 1000 steps each"),
    c: number(10, 0, undefined, "weight of the margin, the first one that is tried"),
    rate: number(0.01, 0, undefined, "Adam's learning rate"),
    confidence: number(0, 0, undefined, "κ, the margin that the wrong class is to have"),
  },
  run: async (victim, points, _ball, options, { signal }) =>
    (await cwNearest(victim, points, { ...options, signal })).nearest,
});
