import type { Tensor } from "../../engine/index.ts";

/** The rows of outputs [n, classes]. */
export function* rowsOfOutputs({ data, shape }: Tensor): Generator<readonly [row: ArrayLike<number>, sample: number]> {
  const classes = shape[1]!;
  for (let i = 0; i < shape[0]!; i++) yield [data.subarray(i * classes, (i + 1) * classes), i];
}

/** True where the label's output is above all others: a tie counts as wrong, and so does what is not a number. */
export function isRight(row: ArrayLike<number>, label: number): boolean {
  for (let k = 0; k < row.length; k++) if (k !== label && !(row[k]! < row[label]!)) return false;
  return !Number.isNaN(row[label]!);
}

/** The logarithms of a row's softmax, in float64. */
export function logSoftmax(row: ArrayLike<number>): Float64Array {
  const logits = Float64Array.from(row);
  const top = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const log = top + Math.log(logits.reduce((sum, v) => sum + Math.exp(v - top), 0));
  return logits.map((v) => v - log);
}
