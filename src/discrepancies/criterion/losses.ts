import type { Tensor } from "../../engine/index.ts";

/** Cross-entropy of every row of logits [n, classes] at its label, in nats and float64. */
export function losses(logits: Tensor, labels: Int32Array): Float64Array {
  const [n, classes] = logits.shape as [number, number];
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = logits.data.subarray(i * classes, (i + 1) * classes);
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k++) top = Math.max(top, row[k]!);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += Math.exp(row[k]! - top);
    out[i] = Math.log(sum) + top - row[labels[i]!]!;
  }
  return out;
}
