import { size } from "../../engine/index.ts";
import type { Params } from "../../hypotheses/index.ts";
import { dot } from "../measures/index.ts";

/**
 * 1 − ⟨a, b⟩ / (‖a‖ ‖b‖ + floor), in float64 on the host. Without a floor, as a measured distance needs it, equal vectors
 * have distance 0, two zero vectors included; with the field's floor of 1e-6 it is {@link globalCosine}.
 */
export function cosineDistance(a: Float64Array, b: Float64Array, floor = 0): number {
  const [aa, bb, ab] = [dot(a, a), dot(b, b), dot(a, b)];
  if (floor === 0 && (aa === 0 || bb === 0)) return aa === bb ? 0 : 1;
  // Cauchy-Schwarz bounds the cosine by 1; rounding does not.
  return Math.max(0, 1 - ab / (Math.sqrt(aa) * Math.sqrt(bb) + floor));
}

/** The layer-wise distance of two gradients laid out as the parameters are; with a floor of 1e-6, {@link layerwiseCosine}. */
export function layerwiseDistance(params: Params, a: Float64Array, b: Float64Array, floor = 0): number {
  let total = 0;
  for (const { shape, from } of tensorsOf(params)) {
    const [units, length] = [shape[0]!, size(shape.slice(1))];
    if (shape.length > 1)
      for (let u = 0; u < units; u++) {
        const [start, end] = [from + u * length, from + (u + 1) * length];
        total += cosineDistance(a.subarray(start, end), b.subarray(start, end), floor);
      }
  }
  return total;
}

/** The distance over the weights of convolutions, {@link convolutionSquared} or {@link convolutionL1}; NaN where there are none. */
export function convolutionDistance(params: Params, a: Float64Array, b: Float64Array, norm: "squared" | "l1"): number {
  const kernels = tensorsOf(params).filter(({ shape }) => shape.length === 4);
  let total = kernels.length === 0 ? Number.NaN : 0;
  for (const { shape, from } of kernels)
    for (let j = from; j < from + size(shape); j++) {
      const difference = a[j]! - b[j]!;
      total += norm === "l1" ? Math.abs(difference) : difference ** 2;
    }
  return total;
}

/** The tensors of parameters, and where each starts in a vector of all of them. */
function tensorsOf(params: Params): { shape: readonly number[]; from: number }[] {
  let from = 0;
  return Object.values(params)
    .flatMap((tensors) => Object.values(tensors))
    .map(({ shape }) => {
      const start = from;
      from += size(shape);
      return { shape, from: start };
    });
}
