import type { EmpiricalMeasure } from "../../src/discrepancies/discrepancy.ts";
import { networkOf } from "../../src/discrepancies/measures/index.ts";
import { randomKey, Tensor } from "../../src/engine/index.ts";
import { mlp } from "../../src/hypotheses/index.ts";
import { formulaParams, formulaTensor } from "../hypotheses/formula.ts";

/** The measure small_mlp.py calls `measure`: n points of dimension 6, weights proportional to i + 1. */
export function formulaMeasure(n: number, tensor: number, shift = 0): EmpiricalMeasure {
  return {
    name: `formula ${tensor}`,
    points: formulaTensor([n, 6], tensor),
    labels: Int32Array.from({ length: n }, (_, i) => (i + shift) % 3),
    classes: ["a", "b", "c"],
    weights: Float64Array.from({ length: n }, (_, i) => (2 * (i + 1)) / (n * (n + 1))),
  };
}

/** n equally weighted points of dimension 6 whose label a network can learn: entry `label` is raised by 2. */
export function learnable(n: number, tensor: number): EmpiricalMeasure {
  const measure = uniform(formulaMeasure(n, tensor));
  measure.labels.forEach((label, i) => {
    measure.points.data[i * 6 + label]! += 2;
  });
  return measure;
}

/** The same with equal weights. */
export function uniform({ weights: _, ...measure }: EmpiricalMeasure): EmpiricalMeasure {
  return measure;
}

/** The MLP of small_mlp.py with its parameters. */
export function formulaMlp() {
  const network = networkOf(mlp({ depth: 2, width: 5 }), [1, 1, 6], 3);
  return { network, params: formulaParams(network.init(randomKey(0))) };
}

/** Points [n, d] with labels that go round the classes. */
export function points(name: string, data: ArrayLike<number>, d: number, classes = 2): EmpiricalMeasure {
  const n = data.length / d;
  return {
    name,
    points: new Tensor(Float32Array.from(data), [n, d], "float32"),
    labels: Int32Array.from({ length: n }, (_, i) => i % classes),
    classes: Array.from({ length: classes }, (_, k) => `class ${k}`),
  };
}

/** Largest difference over largest expected magnitude. */
export function relativeError(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (got.length !== expected.length) return Number.POSITIVE_INFINITY;
  let [difference, scale] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(got[i]! - expected[i]!));
    scale = Math.max(scale, Math.abs(expected[i]!));
  }
  return difference / scale;
}
