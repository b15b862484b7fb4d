import { Tensor } from "../../engine/index.ts";
import type { Hypothesis } from "../criterion/hypothesis.ts";
import { outputs } from "../criterion/hypothesis.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import { parameterDiscrepancy, rowDistances } from "../generalization/discrepancies.ts";

/**
 * L: the largest slope of the cross-entropy along the segments between two outputs of every point, logits [n, classes].
 * The loss is convex in the logits, so its slope along a segment is monotone and largest at one of the ends: exact.
 */
export function lossSlope(from: Tensor, to: Tensor, labels: Int32Array): number {
  const [n, classes] = from.shape as [number, number];
  const lengths = rowDistances(from, to);
  let largest = 0;
  for (let i = 0; i < n; i++) {
    if (lengths[i] === 0) continue;
    for (const end of [from, to]) {
      const p = softmax(end, i);
      let slope = 0;
      for (let k = 0; k < classes; k++) {
        const direction = (to.data[i * classes + k]! - from.data[i * classes + k]!) / lengths[i]!;
        slope += (p[k]! - Number(labels[i] === k)) * direction;
      }
      largest = Math.max(largest, Math.abs(slope));
    }
  }
  return largest;
}

/**
 * C: the largest slope of the outputs in the parameters on the segment between two hypotheses, over the points of a measure:
 * ‖h_θ'(x) − h_θ''(x)‖ / ‖θ' − θ''‖ over neighbouring ones of `pieces` + 1 points of the segment. A lower estimate of the
 * Lipschitz constant; by the triangle inequality large enough for VD <= C·PD on these points.
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

function softmax(logits: Tensor, i: number): Float64Array {
  const classes = logits.shape[1]!;
  const row = Float64Array.from(logits.data.subarray(i * classes, (i + 1) * classes));
  const top = Math.max(...row);
  const powers = row.map((v) => Math.exp(v - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((v) => v / sum);
}
