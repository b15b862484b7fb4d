import { AttarError } from "../../engine/index.ts";
import type { WeightedPoints } from "../../hypotheses/kernels/index.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";

/** Both measures as weighted points, checked. */
export interface Pair {
  readonly a: WeightedPoints;
  readonly b: WeightedPoints;
}

/**
 * The two measures as weighted points.
 *
 * @param least points that each side needs.
 * @throws AttarError "bad-measure" for an empty side or one with fewer points, different point shapes, a coordinate that is not
 * finite, or weights that are no probabilities.
 */
export function comparable(a: EmpiricalMeasure, b: EmpiricalMeasure, least: { points: number; why: string }): Pair {
  const [left, right] = [a.points.shape.slice(1), b.points.shape.slice(1)];
  if (String(left) !== String(right))
    throw bad(
      `${a.name} has points of shape [${left}] and ${b.name} of shape [${right}]`,
      "Compare sets of one shape, or put an encoder before both.",
    );
  return { a: weighted(a, least), b: weighted(b, least) };
}

function weighted(measure: EmpiricalMeasure, least: { points: number; why: string }): WeightedPoints {
  const { name, points, weights } = measure;
  const n = points.shape[0] ?? 0;
  if (n === 0) throw bad(`${name} holds no point`, "Give it at least one.");
  if (n < least.points) {
    const needed = least.points === 2 ? "two" : String(least.points);
    throw bad(
      `${name} holds ${n === 1 ? "one point" : `${n} points`}, and ${least.why} needs ${needed}`,
      "Use mmd, which is defined from one point.",
    );
  }
  const length = points.data.length / n;
  for (let i = 0; i < points.data.length; i++)
    if (!Number.isFinite(points.data[i]!))
      throw bad(`point ${Math.floor(i / length)} of ${name} holds ${points.data[i]}`, "Remove it or repair it.");
  return { points, weights: weights ? checked(name, weights, n) : new Float64Array(n).fill(1 / n) };
}

function checked(name: string, weights: Float64Array, n: number): Float64Array {
  const sum = weights.reduce((s, w) => s + w, 0);
  if (weights.length === n && Math.abs(sum - 1) < 1e-6 && weights.every((w) => w >= 0)) return weights;
  throw bad(
    `the ${weights.length} weights of the ${n} points of ${name} are no probabilities, they add up to ${sum}`,
    "Give each point a weight from 0 and divide by their sum.",
  );
}

/** Whether all points weigh the same. */
export const isUniform = ({ weights }: WeightedPoints): boolean => weights.every((w) => w === weights[0]);

const bad = (message: string, hint: string) => new AttarError("bad-measure", message, hint);
