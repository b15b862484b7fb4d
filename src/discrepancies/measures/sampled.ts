import { type RandomKey, size, Tensor } from "../../engine/index.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import { weightsOf } from "./weights.ts";

/** A measure, or a simple random sample of its points in random order. */
export interface Sampled {
  readonly measure: EmpiricalMeasure;
  /** Share of the points that are in it; 1 for the measure itself. */
  readonly share: number;
}

const drawn = new WeakMap<EmpiricalMeasure, Map<string, Sampled>>();

/**
 * Draws at most `most` points of a measure, without replacement, weights brought to sum 1; 0 for all of them. One object
 * for one key, so that results can be kept by measure. Two measures of equally many points keep the same positions.
 */
export function sampled(measure: EmpiricalMeasure, most: number, key: RandomKey): Sampled {
  const count = measure.points.shape[0]!;
  if (most === 0 || count <= most) return { measure, share: 1 };
  const id = `${most}|${key.k0}|${key.k1}`;
  const known = drawn.get(measure) ?? new Map<string, Sampled>();
  drawn.set(measure, known);
  const found = known.get(id) ?? { measure: rowsOf(measure, key.permutation(count, most)), share: most / count };
  known.set(id, found);
  return found;
}

/** The measure on the given points, weights brought to sum 1. */
export function rowsOf(measure: EmpiricalMeasure, rows: ArrayLike<number>): EmpiricalMeasure {
  const { points, labels } = measure;
  const width = size(points.shape.slice(1));
  const data = new Float32Array(rows.length * width);
  const own = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    data.set(points.data.subarray(row * width, (row + 1) * width), i * width);
    own[i] = labels[row]!;
  }
  const kept = {
    ...measure,
    points: new Tensor(data, [rows.length, ...points.shape.slice(1)], "float32"),
    labels: own,
  };
  if (!measure.weights) return kept;
  const all = weightsOf(measure);
  const weights = Float64Array.from(rows, (row) => all[row]!);
  let total = 0;
  for (const weight of weights) total += weight;
  // A sample of points without weight says nothing of the measure: it counts them alike.
  return { ...kept, weights: weights.map((weight) => (total > 0 ? weight / total : 1 / rows.length)) };
}
