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
  let [total, at] = [0, 0];
  for (const tensors of Object.values(params))
    for (const { shape } of Object.values(tensors)) {
      const [units, length] = [shape[0]!, size(shape.slice(1))];
      if (shape.length > 1)
        for (let u = 0; u < units; u++) {
          const from = at + u * length;
          total += cosineDistance(a.subarray(from, from + length), b.subarray(from, from + length), floor);
        }
      at += units * length;
    }
  return total;
}
