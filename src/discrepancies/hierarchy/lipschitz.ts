import { Tensor } from "../../engine/index.ts";
import type { Hypothesis } from "../criterion/hypothesis.ts";
import { outputs } from "../criterion/hypothesis.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import { parameterDiscrepancy, rowDistances } from "../generalization/readings.ts";

/**
 * L: the cross-entropy is Lipschitz in the logits with this constant, whatever the label. Its gradient is p − e_y, whose
 * squared norm is (1 − p_y)² + Σ_k≠y p_k² <= 2 (1 − p_y)².
 */
export const crossEntropyLipschitz = Math.SQRT2;

/**
 * C: the largest slope of the outputs in the parameters on the segment between two hypotheses, over the points of a measure:
 * ‖h_θ'(x) − h_θ''(x)‖ / ‖θ' − θ''‖ over neighbouring ones of `pieces` + 1 points of the segment. The Lipschitz constant is no
 * smaller. By the triangle inequality it is large enough for VD <= C·PD of this very pair on these very points.
 */
export async function parameterSlope(
  h: Hypothesis,
  g: Hypothesis,
  measures: readonly EmpiricalMeasure[],
  pieces = 8,
): Promise<number> {
  const length = parameterDiscrepancy(h, g);
  if (length === 0) return 0;
  let largest = 0;
  for (const measure of measures) {
    let before = await outputs(h, measure);
    for (let p = 1; p <= pieces; p++) {
      const after = await outputs(p === pieces ? g : between(h, g, p / pieces), measure);
      for (const distance of rowDistances(before, after)) largest = Math.max(largest, (distance * pieces) / length);
      before = after;
    }
  }
  return largest;
}

function between(h: Hypothesis, g: Hypothesis, share: number): Hypothesis {
  const params = Object.fromEntries(
    Object.entries(h.params).map(([layer, tensors]) => [
      layer,
      Object.fromEntries(
        Object.entries(tensors).map(([name, t]) => {
          const other = g.params[layer]![name]!;
          const data = Float32Array.from(t.data, (v, i) => v + share * (other.data[i]! - v));
          return [name, new Tensor(data, t.shape, "float32")];
        }),
      ),
    ]),
  );
  return { network: h.network, params };
}

/**
 * C from elsewhere than the pair (h, g): the largest {@link parameterSlope} over pairs of the other hypotheses, on other points.
 *
 * @returns undefined where there are no two others, or no points.
 */
export async function heldOutParameterSlope(
  family: readonly Hypothesis[],
  [h, g]: readonly [Hypothesis, Hypothesis],
  points: readonly EmpiricalMeasure[],
): Promise<number | undefined> {
  const others = family.filter((one) => one !== h && one !== g);
  if (others.length < 2 || points.length === 0) return undefined;
  let largest = 0;
  for (const [i, one] of others.entries())
    for (const other of others.slice(i + 1)) largest = Math.max(largest, await parameterSlope(one, other, points));
  return largest;
}

/** Lip(h): the largest |h(x) − h(y)| / ‖x − y‖ over points x of one set [n, d] and y of another [m, d], by their values. */
export function functionSlope(x: Tensor, f: Float64Array, y: Tensor, g: Float64Array): number {
  const d = x.shape[1]!;
  let slope = 0;
  for (let i = 0; i < f.length; i++)
    for (let j = 0; j < g.length; j++) {
      let squares = 0;
      for (let k = 0; k < d; k++) squares += (x.data[i * d + k]! - y.data[j * d + k]!) ** 2;
      if (squares > 0) slope = Math.max(slope, Math.abs(f[i]! - g[j]!) / Math.sqrt(squares));
    }
  return slope;
}
